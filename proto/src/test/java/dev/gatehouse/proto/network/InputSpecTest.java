package dev.gatehouse.proto.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.network.InputSpec.Columns;
import dev.gatehouse.proto.network.InputSpec.Normalisation;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputSpecTest {
  private static final Column AGE = new Column.Numeric("age", 40, 12.5);
  private static final Column COLOUR = new Column.Category("colour", List.of("red", "green"));
  private static final InputSpec TABLE = table(2, AGE, COLOUR);

  private static InputSpec table(int width, Column... columns) {
    return new InputSpec(
        "features", InputSpec.Datatype.FP32, Shape.of(width), -1, 1, new Columns(List.of(columns)));
  }

  @Test
  void shouldWidenCategoriesForTheNetworkAlone() {
    assertThat(TABLE.shape()).isEqualTo(Shape.of(2));
    assertThat(TABLE.networkShape()).isEqualTo(Shape.of(3));
  }

  @Test
  void shouldGiveTheColumnsArithmeticElementByElement() {
    var expansion = ((Columns) TABLE.normalisation()).expansion();

    assertThat(expansion.source()).containsExactly(0, 1, 1);
    assertThat(expansion.mean()).containsExactly(40, 0, 0);
    assertThat(expansion.factor()).containsExactly(1 / 12.5f, 0, 0);
    assertThat(expansion.hit()).containsExactly(Float.NaN, 0, 1);
  }

  @Test
  void shouldReadBackTheColumnsItWrote() {
    assertThat(Json.parse(Json.text(TABLE), InputSpec.class, "input")).isEqualTo(TABLE);
  }

  @Test
  void shouldReadTheNormalisationOfImagesAsItWasAlwaysWritten() {
    String text =
        """
        {"name": "image", "datatype": "uint8", "shape": [1, 8, 8], "min": 0.0, "max": 255.0,
         "normalisation": {"scale": 255.0, "mean": [0.2], "std": [0.25]}}
        """;

    InputSpec image = Json.parse(text, InputSpec.class, "manifest.json");

    assertThat(image.normalisation())
        .isEqualTo(new Normalisation(255, List.of(0.2), List.of(0.25)));
    assertThat(image.networkShape()).isEqualTo(image.shape());
    assertThat(image.columns()).isEmpty();
    assertThat(Json.text(image)).doesNotContain("columns", "@");
  }

  @Test
  void shouldRefuseANormalisationOfUnknownOrMissingKeys() {
    String text = Json.line(TABLE);

    for (String wrong :
        List.of(
            text.replace("\"columns\"", "\"colums\""),
            text.replace("\"std\":12.5", "\"std\":12.5,\"min\":0"),
            text.replace(",\"std\":12.5", ""),
            text.replace("\"std\":12.5", "\"std\":0"))) {
      assertThat(wrong).isNotEqualTo(text);
      assertThatThrownBy(() -> Json.parse(wrong, InputSpec.class, "manifest.json"))
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith("manifest.json: ")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void shouldRefuseAsManyColumnsAsTheRowHasNot() {
    assertThatThrownBy(() -> table(3, AGE, COLOUR))
        .isInstanceOf(BadInput.class)
        .hasMessage("a row of columns has one element a column; columns=2, shape=[3]");
  }

  @Test
  void shouldTurnCellsIntoWhatAClientSends() {
    assertThat(AGE.value("41.5")).isEqualTo(41.5f);
    assertThat(AGE.value("-.5E+2")).isEqualTo(-50);
    assertThat(AGE.value("7.")).isEqualTo(7);
    assertThat(COLOUR.value("green")).isEqualTo(1);
  }

  @Test
  void shouldSayWhatACellMayHold() {
    for (String wrong : List.of("old", "", "NaN", "1e99", "-Infinity", "3d", "0x1p3", "1,5", ".")) {
      assertThatThrownBy(() -> AGE.value(wrong))
          .isInstanceOf(BadInput.class)
          .hasMessage("column 'age' takes a finite number; got '" + wrong + "'");
    }
    assertThatThrownBy(() -> COLOUR.value("mauve"))
        .isInstanceOf(BadInput.class)
        .hasMessage("column 'colour' has no value 'mauve'; it has red, green");
  }
}
