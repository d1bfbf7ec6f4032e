package dev.gatehouse.proto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "false | false | 0 | false",
        "true | true | 4 | true",
        "flip | true | 0 | \"flip\"",
        "shift:2 | false | 2 | \"shift:2\"",
        "flip,shift:1 | true | 1 | \"flip,shift:1\"",
        "flip,shift:4 | true | 4 | true",
        "shift:3, flip | true | 3 | \"flip,shift:3\"",
        "shift:0 | false | 0 | false"
      })
  void shouldReadEveryFormAndWriteOne(String text, boolean flip, int shift, String json) {
    Augment augment = Augment.parse(text);

    assertThat(augment).isEqualTo(new Augment(flip, shift));
    assertThat(Json.text(augment).strip()).isEqualTo(json);
    Training training = Training.plain(1, 1, 1, 1).augment(augment);
    assertThat(Json.parse(Json.text(training), Training.class, "test")).isEqualTo(training);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yes", "crop:4", "shift", "shift:", "shift:1.5", "flip,,shift:1"})
  void shouldRefuseWhatHasNoForm(String text) {
    assertThatThrownBy(() -> Augment.parse(text))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "augment is true, false, flip, shift:PIXELS, or flip,shift:PIXELS; augment=" + text);
  }

  @Test
  void shouldRefuseToMoveByLessThanNothing() {
    assertThatThrownBy(() -> Augment.parse("shift:-1"))
        .isInstanceOf(BadInput.class)
        .hasMessage("augment: shift must be 0 or more pixels; shift=-1");
  }
}
