package dev.gatehouse.exporter.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exporter.imports.ImportOptions.Input;
import dev.gatehouse.exporter.imports.ImportOptions.Range;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients send: its name, and rows of any size. */
class ImportedInputTest {
  private static Input called(String name) {
    return new Input(name, null, null, null, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t", "a\nb"})
  void shouldRefuseANameOfNothing(String name) {
    assertThatThrownBy(() -> called(name))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("an input has a name in printable characters; --input-name='")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class",
        "probabilities",
        "gate_probabilities",
        "expert_indices",
        "expert_weights",
        "expert_00/answer",
        "dispatch/rows",
        "const/0"
      })
  void shouldRefuseANameThatTheGraphsHaveThemselves(String name) {
    assertThatThrownBy(() -> called(name))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "the graphs have a value of their own called '"
                + name
                + "'; give the input another --input-name");
  }

  @Test
  void shouldTakeAnyOtherName() {
    assertThat(called("classes/1").name()).isEqualTo("classes/1");
    assertThat(called("input.1").name()).isEqualTo("input.1");
  }

  /** 256 rows of these are 2 GiB of floats. */
  @Test
  void shouldDrawFewerRowsWhereTheyAreLarge() {
    Shape row = Shape.of(2, 1024, 1024);

    ImportedRows rows = ImportedRows.draw(1, row, Datatype.UINT8, new Range(0, 255));

    assertThat(rows.size()).isEqualTo(32);
    assertThat(rows.elements()).isEqualTo(row.elements());
  }

  @Test
  void shouldHoldAsManyRowsAtOnceAsTheirSizeAllows() {
    assertThat(ImportedRows.atOnce(1)).isEqualTo(256);
    assertThat(ImportedRows.atOnce(3 * 224 * 224)).isEqualTo(256);
    assertThat(ImportedRows.atOnce(1 << 19)).isEqualTo(128);
    assertThat(ImportedRows.atOnce(Integer.MAX_VALUE)).isEqualTo(1);
  }

  @Test
  void shouldRefuseARowThatNoArrayHolds() {
    Shape row = Shape.of(1 << 29);

    assertThatThrownBy(() -> ImportedRows.requireHeld(row))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "a row of the shape [536870912] has 536870912 values; at most 536870911 are served");
  }
}
