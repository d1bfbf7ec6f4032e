package dev.gatehouse.trainer.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.Networks;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EstimateTest {
  private static final DataSet DATA = data();

  @TempDir private Path folder;

  private static DataSet data() {
    DataSet tiny = TinyData.dataSet(17);
    return new DataSet(
        tiny.name(),
        tiny.licence(),
        tiny.input(),
        tiny.classes(),
        tiny.families(),
        TinyData.rows(16_010, new Random(1)),
        tiny.validation(),
        tiny.test());
  }

  private static TrainConfig config() {
    return new TrainConfig(
        "tiny",
        null,
        "small",
        new Networks(TinyModels.network(2, 6), TinyModels.network(3, 5)),
        3,
        GateKind.SOFTMAX,
        new RoutingRule.TopK(1),
        Training.plain(3, 64, 1e-3, 1));
  }

  @Test
  void shouldCountWhatIsCountedByHand() {
    Estimate estimate = Estimate.of(config(), DATA);

    // Expert: convolution 2x1x3x3 over 8x8, then 8 -> 6 -> 4; gate: 3x1x3x3, then 12 -> 5 -> 3.
    int expert = 2 * 9 * 64 + 8 * 6 + 6 * 4;
    int gate = 3 * 9 * 64 + 12 * 5 + 5 * 3;
    assertThat(estimate.denseMultiplyAdds()).isEqualTo(gate + 3 * expert);
    assertThat(estimate.servedMultiplyAdds()).isEqualTo(gate + expert);
    assertThat(estimate.steps()).isEqualTo(3 * 251);
    assertThat(estimate.dataBytes()).isEqualTo(16_010 * 64);
  }

  @Test
  void shouldForetellTheTimeOfATraining() throws Exception {
    Timing timing = Estimate.of(config(), DATA).timing();

    List<EpochMetrics> epochs =
        new Trainer(Clock.systemUTC(), new TrainingListener() {})
            .train(config(), DATA, folder.resolve("run"))
            .metrics();

    double last = epochs.get(2).seconds();
    assertThat(timing.steps()).isBetween(1, 5);
    assertThat(timing.epochSeconds()).isBetween(last / 8, last * 8);
    assertThat(timing.epochSeconds()).isGreaterThan(251 * timing.stepMilliseconds() / 1e3);
    assertThat(timing.trainingSeconds()).isBetween(3 * timing.epochSeconds(), 30 * last);
  }

  @Test
  void shouldSayThatTheTimeIsAnEstimateInTextAndJson() {
    Estimate estimate = Estimate.of(config(), DATA);

    assertThat(estimate.lines())
        .filteredOn(line -> line.startsWith("time "))
        .singleElement()
        .asString()
        .matches(
            "time +about .+ an epoch and .+ in all: an estimate from \\d steps, [0-9.]+ ms each");
    assertThat(Json.line(estimate))
        .contains("\"timing\":{\"steps\":", "\"epoch_seconds\":", "\"training_seconds\":");
  }
}
