package dev.gatehouse.trainer.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Network.Tap;
import dev.gatehouse.trainer.model.Execution.Form;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Batch normalisation against its formula in plain loops (arXiv 1502.03167, algorithms 1 and 2).
 */
class BatchNormTest {
  private static final int ROWS = 6;
  private static final int CHANNELS = 2;
  private static final int AREA = 9;
  private static final float[] WEIGHT = {1.5f, -0.5f};
  private static final float[] BIAS = {0.25f, 1};
  private static final float[] MEAN = {0.5f, -0.25f};
  private static final float[] VARIANCE = {2, 0.5f};
  private static final Offset<Float> CLOSE = Offset.offset(1e-4f);
  private static final Network NETWORK =
      new Network(
          List.of(new Layer.BatchNorm(), new Layer.Flatten(), new Layer.Linear(CHANNELS * AREA)),
          Tap.BEFORE_RELU);

  private final float[] x = new float[ROWS * CHANNELS * AREA];

  BatchNormTest() {
    Random random = new Random(3);
    for (int i = 0; i < x.length; i++) {
      x[i] = 2 * random.nextFloat() + i % 3;
    }
  }

  /** An identity behind the normalisation shows what it gives. */
  private static Function<String, NDArray> parameters(NDManager manager) {
    Map<String, NDArray> all = new HashMap<>();
    all.put("n.trunk.0.weight", manager.create(WEIGHT));
    all.put("n.trunk.0.bias", manager.create(BIAS));
    all.put("n.trunk.0.running_mean", manager.create(MEAN));
    all.put("n.trunk.0.running_var", manager.create(VARIANCE));
    all.put("n.trunk.2.weight", manager.eye(CHANNELS * AREA));
    all.put("n.trunk.2.bias", manager.zeros(new Shape(CHANNELS * AREA)));
    return name -> requireNonNull(all.get(name), name);
  }

  private double[] moments(int channel) {
    double sum = 0;
    double squares = 0;
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < AREA; i++) {
        double value = x[(row * CHANNELS + channel) * AREA + i];
        sum += value;
        squares += value * value;
      }
    }
    double mean = sum / (ROWS * AREA);
    return new double[] {mean, squares / (ROWS * AREA) - mean * mean};
  }

  private void assertNormalised(float[] y, int channel, double mean, double variance) {
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < AREA; i++) {
        int at = (row * CHANNELS + channel) * AREA + i;
        double expected =
            WEIGHT[channel] * (x[at] - mean) / Math.sqrt(variance + 1e-5) + BIAS[channel];
        assertThat(y[at]).isCloseTo((float) expected, CLOSE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldUseTheRunningStatisticsWhenServed(Form form) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Function<String, NDArray> parameters = parameters(manager);
      NDArray rows = manager.create(x, new Shape(ROWS, CHANNELS, 3, 3));

      float[] y =
          new NetworkForward(NETWORK, form, "n", parameters, new SharedInput())
              .trunk(rows, Pass.inference(1))
              .toFloatArray();

      for (int channel = 0; channel < CHANNELS; channel++) {
        assertNormalised(y, channel, MEAN[channel], VARIANCE[channel]);
      }
      assertThat(parameters.apply("n.trunk.0.running_mean").toFloatArray()).containsExactly(MEAN);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldUseTheBatchsStatisticsAndMoveTheRunningOnesWhileItTrains(Form form) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Function<String, NDArray> parameters = parameters(manager);
      NDArray rows = manager.create(x, new Shape(ROWS, CHANNELS, 3, 3));

      float[] y =
          new NetworkForward(NETWORK, form, "n", parameters, new SharedInput())
              .trunk(rows, Pass.training(1, 1))
              .toFloatArray();

      float[] mean = parameters.apply("n.trunk.0.running_mean").toFloatArray();
      float[] variance = parameters.apply("n.trunk.0.running_var").toFloatArray();
      double bessel = ROWS * AREA / (ROWS * AREA - 1.0);
      for (int channel = 0; channel < CHANNELS; channel++) {
        double[] moments = moments(channel);
        assertNormalised(y, channel, moments[0], moments[1]);
        assertThat(mean[channel])
            .isCloseTo((float) (0.9 * MEAN[channel] + 0.1 * moments[0]), CLOSE);
        assertThat(variance[channel])
            .isCloseTo((float) (0.9 * VARIANCE[channel] + 0.1 * bessel * moments[1]), CLOSE);
      }
    }
  }
}
