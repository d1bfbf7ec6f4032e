package dev.gatehouse.trainer.loop;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.trainer.model.Parameters;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AdamTest {
  private static final int SIZE = 7;
  private static final List<ParameterSpec> SPECS =
      List.of(new ParameterSpec("w", List.of(SIZE), 1));

  private static float[] start() {
    float[] w = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      w[i] = 1 + i;
    }
    return w;
  }

  /** Of a size at which epsilon, where DJL's form differs, is below the tolerance. */
  private static float[] gradient(Random random) {
    float[] g = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      g[i] = (random.nextBoolean() ? 1 : -1) * (1 + random.nextFloat());
    }
    return g;
  }

  /** One step with the gradient {@code g}, as the gradient of the scalar g . w. */
  private static void step(NDManager manager, Parameters parameters, Adam adam, float[] g) {
    try (NDManager scope = manager.newSubManager()) {
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(scope.create(g).mul(parameters.get("w")).sum());
      }
      adam.step(scope);
    }
  }

  @Test
  void shouldMoveAsDjlsAdamStepForStep() {
    try (NDManager manager = NDManager.newBaseManager();
        Parameters parameters = new Parameters(manager, SPECS, Map.of("w", start()), name -> true);
        Adam adam = new Adam(manager, parameters, 1e-2, 0)) {
      Optimizer djl = Optimizer.adam().optLearningRateTracker(Tracker.fixed(1e-2f)).build();
      NDArray theirs = manager.create(start());
      Random random = new Random(3);
      for (int i = 0; i < 50; i++) {
        float[] g = gradient(random);
        step(manager, parameters, adam, g);
        djl.update("w", theirs, manager.create(g));
        assertClose(parameters.frozen("w").toFloatArray(), theirs.toFloatArray(), 1e-6);
      }
    }
  }

  @Test
  void shouldFollowThePapersAlgorithmWithWeightDecay() {
    double decay = 0.1;
    try (NDManager manager = NDManager.newBaseManager();
        Parameters parameters = new Parameters(manager, SPECS, Map.of("w", start()), name -> true);
        Adam adam = new Adam(manager, parameters, 1e-2, decay)) {
      double[] w = new double[SIZE];
      double[] m = new double[SIZE];
      double[] v = new double[SIZE];
      for (int i = 0; i < SIZE; i++) {
        w[i] = start()[i];
      }
      Random random = new Random(4);
      for (int t = 1; t <= 50; t++) {
        float[] g = gradient(random);
        step(manager, parameters, adam, g);
        for (int i = 0; i < SIZE; i++) {
          double gradient = g[i] + decay * w[i];
          m[i] = 0.9 * m[i] + 0.1 * gradient;
          v[i] = 0.999 * v[i] + 0.001 * gradient * gradient;
          double mHat = m[i] / (1 - Math.pow(0.9, t));
          double vHat = v[i] / (1 - Math.pow(0.999, t));
          w[i] -= 1e-2 * mHat / (Math.sqrt(vHat) + 1e-8);
        }
      }
      float[] expected = new float[SIZE];
      for (int i = 0; i < SIZE; i++) {
        expected[i] = (float) w[i];
      }
      assertClose(parameters.frozen("w").toFloatArray(), expected, 1e-5);
      assertThat(adam.steps()).isEqualTo(50);
    }
  }

  @Test
  void shouldLeaveNoArrayBehindAStep() {
    try (NDManager manager = NDManager.newBaseManager();
        Parameters parameters = new Parameters(manager, SPECS, Map.of("w", start()), name -> true);
        Adam adam = new Adam(manager, parameters, 1e-2, 0.1)) {
      step(manager, parameters, adam, start());
      int weights = parameters.get("w").getManager().getManagedArrays().size();
      int moments = adam.slots().get(0).first().getManager().getManagedArrays().size();
      for (int i = 0; i < 5; i++) {
        step(manager, parameters, adam, start());
      }

      assertThat(parameters.get("w").getManager().getManagedArrays()).hasSize(weights);
      assertThat(adam.slots().get(0).first().getManager().getManagedArrays()).hasSize(moments);
    }
  }

  private static void assertClose(float[] actual, float[] expected, double relative) {
    for (int i = 0; i < SIZE; i++) {
      assertThat(actual[i])
          .isCloseTo(expected[i], Offset.offset((float) (relative * Math.abs(expected[i]))));
    }
  }
}
