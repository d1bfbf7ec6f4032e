package dev.gatehouse.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleResultTest {
  /** A case whose figures do not matter. */
  static ScaleResult result(int experts, String skew, int inFlight) {
    Load load = new Load(1000, 1, 2, 1);
    return result(experts, skew, inFlight, load, load);
  }

  private static ScaleResult result(int experts, int inFlight, Load engine, Load global) {
    return result(experts, "uniform", inFlight, engine, global);
  }

  private static ScaleResult result(
      int experts, String skew, int inFlight, Load engine, Load global) {
    return new ScaleResult(
        "mlp",
        experts,
        1,
        skew,
        inFlight,
        0.5,
        1,
        null,
        10.0 * experts,
        null,
        1e6 / engine.rowsPerSecond(),
        "per_expert",
        engine,
        global,
        null,
        null,
        engine.rowsPerSecond() / global.rowsPerSecond(),
        null,
        null,
        null,
        List.of());
  }

  @Test
  void shouldCompareTheBestRateWithinTheGlobalBatchsP99() {
    ScaleResult few = result(8, 64, new Load(1000, 1, 4, 1), new Load(900, 1, 3, 1));
    ScaleResult many = result(8, 256, new Load(4000, 2, 9, 1), new Load(1000, 5, 10, 1));
    ScaleResult more = result(8, 1024, new Load(6000, 5, 30, 1), new Load(1000, 20, 29, 1));
    List<ScaleResult> all = List.of(few, many, more);

    assertThat(few.amongst(all).timesAtEqualP99()).isNull();
    assertThat(many.amongst(all).timesAtEqualP99()).isEqualTo(4);
    assertThat(more.amongst(all).timesAtEqualP99()).isEqualTo(4);
  }

  @Test
  void shouldSayHowFarTimesMoveWithTheNumberOfExperts() {
    Load global = new Load(1, 1, 1, 1);
    List<Flatness> flatness =
        Flatness.of(
            List.of(
                result(4, 64, new Load(1000, 1, 1, 1), global),
                result(16, 64, new Load(500, 1, 1, 1), global),
                result(8, 64, new Load(250, 1, 1, 1), global),
                result(8, 256, new Load(250, 1, 1, 1), global)));

    assertThat(flatness)
        .containsExactly(
            new Flatness("mlp", 1, "uniform", 64, 4, 16, 4, 4),
            new Flatness("mlp", 1, "uniform", 256, 8, 8, 1, 1));
  }
}
