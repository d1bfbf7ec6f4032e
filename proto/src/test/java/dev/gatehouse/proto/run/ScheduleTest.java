package dev.gatehouse.proto.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-12);

  @ParameterizedTest
  @CsvSource({
    "0.2, 0, 0.2",
    "0.2, 9, 0.2",
    "1..0.1, 0, 1",
    "1..0.1, 9, 0.1",
    "1..0.1, 3, 0.7",
    "cosine 1..0, 0, 1",
    "cosine 1..0, 9, 0",
    // (1 + cos(60 degrees)) / 2
    "cosine 1..0, 3, 0.75",
    "10|1|0.1, 3, 10",
    "10|1|0.1, 4, 1",
    "10|1|0.1, 9, 0.1"
  })
  void shouldFollowItsFormOverTenSteps(String text, long step, double expected) {
    assertThat(Schedule.parse(text).at(step, 10)).isCloseTo(expected, CLOSE);
  }

  @Test
  void shouldTakeItsFirstValueWhereThereIsOneStep() {
    assertThat(Schedule.parse("3..1").at(0, 1)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.25", "0.001..1.0E-5", "cosine 0.001..1.0E-4", "10.0|1.0|0.1"})
  void shouldReadBackWhatItWrites(String text) {
    Schedule schedule = Schedule.parse(text);

    assertThat(Schedule.parse(schedule.json())).isEqualTo(schedule);
    assertThat(schedule.toString()).isEqualTo(text);
    Training training = Training.plain(1, 1, 1, 1).optimizer(optimizer(schedule));
    assertThat(Json.parse(Json.text(training), Training.class, "test")).isEqualTo(training);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fast", "1..", "..1", "cosine 1", "1|", "1..2..3"})
  void shouldRefuseWhatHasNoForm(String text) {
    assertThatThrownBy(() -> Schedule.parse(text))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "a schedule is a number, FROM..TO, cosine FROM..TO, or stages A|B|C; schedule=" + text);
  }

  @Test
  void shouldHoldEveryValueAgainstTheRange() {
    assertThatThrownBy(() -> optimizer(Schedule.parse("1e-3..0")))
        .isInstanceOf(BadInput.class)
        .hasMessage("learning_rate must be above 0; learning_rate=0.001..0.0");
  }

  private static Training.Optimizer optimizer(Schedule learningRate) {
    return new Training.Optimizer(learningRate, null, 0, 0);
  }
}
