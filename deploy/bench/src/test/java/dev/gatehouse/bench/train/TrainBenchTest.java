package dev.gatehouse.bench.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.loop.StepMeter;
import dev.gatehouse.trainer.model.Initialisation;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainBenchTest {
  private static final int ROWS = 48;

  static Stream<BenchCase> cases() {
    return BenchCase.all().stream().map(c -> c.withBatch(16));
  }

  /** Otherwise the comparison says nothing. */
  @ParameterizedTest
  @MethodSource("cases")
  void shouldTrainTheSameModelInBothLoops(BenchCase benchCase) {
    ModelSpec spec = benchCase.model(3);
    Map<String, float[]> values = Initialisation.of(spec.parameters(), 1);
    DataSet data = benchCase.data(spec, ROWS, new Random(1));
    try (StepMeter meter = new StepMeter(spec, values, data, TrainBench.training(16));
        PlainLoop plain = new PlainLoop(spec, values, data, TrainBench.LEARNING_RATE)) {
      Random random = new Random(2);
      for (int i = 0; i < 2; i++) {
        long[] indices = random.longs(benchCase.batch(), 0, ROWS).toArray();
        meter.step(indices);
        plain.step(indices);

        // The first step shows the same answers, the next the same gradients and movement, but for
        // epsilon: DJL's Adam takes a larger one in its first steps.
        assertThat(meter.loss()).isCloseTo(plain.loss(), Offset.offset(i == 0 ? 1e-5 : 2e-3));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldMeasureBothLoops(BenchCase benchCase) {
    TrainBench.Result result =
        new TrainBench(2, ROWS).measure(benchCase, 2, 1e9, (name, experts) -> {});

    assertThat(result.name()).isEqualTo(benchCase.name());
    assertThat(result.samplesPerSecond()).isPositive();
    assertThat(result.loopSamplesPerSecond()).isPositive();
    assertThat(result.ratioToLoop()).isPositive();
    assertThat(result.milliseconds().backward()).isPositive();
    assertThat(result.loopMilliseconds().forward()).isPositive();
    assertThat(result.arithmeticMilliseconds()).isPositive();
  }
}
