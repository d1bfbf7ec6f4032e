package dev.gatehouse.proto.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import dev.gatehouse.proto.BadInput;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonTest {
  record Plain(@Nullable String first, int second) {}

  record Grown(
      @JsonProperty(isRequired = OptBoolean.FALSE) @Nullable String first,
      @JsonProperty("a_number") int second) {}

  @Test
  void shouldRefuseAMissingKeyByItsName() {
    assertThatThrownBy(() -> Json.parse("{\"second\": 1}", Plain.class, "here"))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("here: ")
        .hasMessageContaining("'first'");
    assertThat(Json.parse("{\"first\": null, \"second\": 1}", Plain.class, "here"))
        .isEqualTo(new Plain(null, 1));
  }

  @Test
  void shouldLetAKeyBeMissingThatCameLater() {
    assertThat(Json.parse("{\"a_number\": 1}", Grown.class, "here")).isEqualTo(new Grown(null, 1));
    assertThatThrownBy(() -> Json.parse("{\"first\": \"one\"}", Grown.class, "here"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("'a_number'");
  }

  @Test
  void shouldRefuseAKeyThatNobodyKnows() {
    assertThatThrownBy(
            () -> Json.parse("{\"first\": \"\", \"second\": 1, \"x\": 2}", Plain.class, "here"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("\"x\"");
  }
}
