package dev.gatehouse.proto.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.OptBoolean;
import dev.gatehouse.proto.BadInput;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  record Plain(@Nullable String first, int second) {}

  record Grown(
      @JsonProperty(isRequired = OptBoolean.FALSE) @Nullable String first,
      @JsonProperty("a_number") int second) {}

  @Test
  void shouldRefuseAMissingKeyByItsName() {
    assertThatThrownBy(() -> Json.parse("{\"second\": 1}", Plain.class, "here"))
        .isInstanceOf(BadInput.class)
        .hasMessage("here: line 1: key first is missing");
    assertThat(Json.parse("{\"first\": null, \"second\": 1}", Plain.class, "here"))
        .isEqualTo(new Plain(null, 1));
  }

  @Test
  void shouldLetAKeyBeMissingThatCameLater() {
    assertThat(Json.parse("{\"a_number\": 1}", Grown.class, "here")).isEqualTo(new Grown(null, 1));
    assertThatThrownBy(() -> Json.parse("{\"first\": \"one\"}", Grown.class, "here"))
        .isInstanceOf(BadInput.class)
        .hasMessage("here: line 1: key a_number is missing");
  }

  @Test
  void shouldRefuseAKeyThatNobodyKnows() {
    assertThatThrownBy(
            () -> Json.parse("{\"first\": \"\", \"second\": 1, \"x\": 2}", Plain.class, "here"))
        .isInstanceOf(BadInput.class)
        .hasMessage("here: line 1: unknown key x; known are first, second");
  }

  enum Colour {
    RED,
    DARK_BLUE
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "shape")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Circle.class, name = "circle"),
    @JsonSubTypes.Type(value = Square.class, name = "square")
  })
  sealed interface Figure {}

  record Circle(double radius) implements Figure {}

  record Square(double side) implements Figure {}

  record Deep(List<Inner> inner, Colour colour, boolean yes, Figure figure) {}

  record Inner(int whole, double real, String text) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"whole\": 1 | \"whole\": \"many\" | inner[1].whole must be a whole number; value=many",
        "\"real\": 2 | \"real\": {} | inner[1].real must be a number",
        "\"text\": \"c\" | \"text\": [] | inner[1].text must be text",
        "\"text\": \"c\" | \"text\": \"c\", \"txt\": 1 | unknown key inner[1].txt; known are real, text, whole",
        "\"real\": 2,  | | key inner[1].real is missing",
        "\"dark_blue\" | \"green\" | colour must be one of red, dark_blue; value=green",
        "true | \"perhaps\" | yes must be true or false; value=perhaps",
        "\"circle\" | \"line\" | figure is of no known type: line; known are circle, square",
        "\"radius\": 3 | \"radius\": 3, \"side\": 3 | unknown key figure.side; known are radius",
      })
  void shouldSayWhatIsWrongByThePathOfItsKey(String right, @Nullable String wrong, String words) {
    String good =
        """
        {"inner": [{"whole": 0, "real": 0.5, "text": ""}, {"whole": 1, "real": 2, "text": "c"}],
        "colour": "dark_blue", "yes": true, "figure": {"shape": "circle", "radius": 3}}
        """;
    String bad = good.replace(right, Objects.requireNonNullElse(wrong, ""));

    assertThat(Json.parse(good, Deep.class, "here").colour()).isEqualTo(Colour.DARK_BLUE);
    assertThatThrownBy(() -> Json.parse(bad, Deep.class, "here"))
        .isInstanceOf(BadInput.class)
        .hasMessageMatching("here: line \\d: " + Pattern.quote(words));
  }

  record Named(
      String name,
      List<String> list,
      Map<String, Integer> map,
      List<List<Integer>> deep,
      Inner inner,
      List<@Nullable String> some,
      Map<String, Object> any,
      @JsonProperty(isRequired = OptBoolean.FALSE) Colour later) {}

  private static final String NAMED =
      """
      {"name": "a", "list": ["b"], "map": {"c": 1}, "deep": [[2]],
      "inner": {"whole": 0, "real": 0.5, "text": "d"},
      "some": [null], "any": {"e": null}, "later": null}
      """;

  @ParameterizedTest
  @CsvSource({
    "'\"a\"', name",
    "'[\"b\"]', list",
    "'\"b\"', list[0]",
    "'{\"c\": 1}', map",
    "1, map.c",
    "[[2]], deep",
    "2, deep[0][0]",
    "0.5, inner.real",
    "'\"d\"', inner.text",
    "[null], some"
  })
  void shouldRefuseNullByThePathOfItsKey(String value, String path) {
    String text = NAMED.replace(value, "null");

    assertThatThrownBy(() -> Json.parse(text, Named.class, "here"))
        .isInstanceOf(BadInput.class)
        .hasMessageMatching(
            "here: line \\d: " + Pattern.quote(path) + " must (not be null|be a number)");
  }

  @Test
  void shouldTakeNullWhereTheRecordDoes() {
    Named named = Json.parse(NAMED, Named.class, "here");

    assertThat(named.some()).containsOnlyNulls();
    assertThat(named.any()).containsEntry("e", null);
    assertThatThrownBy(() -> Json.parse("null", Named.class, "here"))
        .isInstanceOf(BadInput.class)
        .hasMessage("here: the whole must not be null");
  }

  @Test
  void shouldSayThatAListIsNoRecordAndNothingNoJson() {
    assertThatThrownBy(() -> Json.parse("[]", Plain.class, "here"))
        .hasMessage("here: line 1: the whole must be an object with keys");
    assertThatThrownBy(() -> Json.parse("{", Plain.class, "here"))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("here: line 1: Unexpected end-of-input");
  }
}
