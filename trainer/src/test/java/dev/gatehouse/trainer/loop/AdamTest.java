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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdamTest {
  /** Not in the order in which they are to lie: the gate's come first. */
  private static final List<ParameterSpec> SPECS =
      List.of(
          new ParameterSpec("experts.0.weight", List.of(3, 7), 1),
          new ParameterSpec("gate.weight", List.of(2, 2), 1),
          new ParameterSpec("experts.0.running", List.of(5), 1),
          new ParameterSpec("experts.1.weight", List.of(19), 1),
          new ParameterSpec("gate.bias", List.of(3), 1));

  private static final Adam.Rates RATES = Adam.Rates.of(1e-2);

  private static boolean trains(String name) {
    return !name.endsWith("running");
  }

  private static Map<String, float[]> start() {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (ParameterSpec spec : SPECS) {
      float[] w = new float[spec.elements()];
      for (int i = 0; i < w.length; i++) {
        w[i] = 1 + i % 7;
      }
      values.put(spec.name(), w);
    }
    return values;
  }

  private static Parameters parameters(NDManager manager) {
    return new Parameters(manager, SPECS, start(), AdamTest::trains);
  }

  private static Adam adam(NDManager manager, Parameters parameters) {
    return new Adam(manager, parameters, 0, 0, Adam.State.START);
  }

  /** Of a size at which epsilon, where DJL's form differs, is below the tolerance. */
  private static Map<String, float[]> gradient(Random random) {
    Map<String, float[]> gradients = new LinkedHashMap<>();
    for (ParameterSpec spec : SPECS) {
      float[] g = new float[spec.elements()];
      for (int i = 0; i < g.length; i++) {
        g[i] = (random.nextBoolean() ? 1 : -1) * (1 + random.nextFloat());
      }
      gradients.put(spec.name(), g);
    }
    return gradients;
  }

  /** One step with the gradients {@code g}, as those of the scalar sum of g . w. */
  private static OptionalDouble step(
      NDManager manager,
      Parameters parameters,
      Adam adam,
      Adam.Rates rates,
      Map<String, float[]> g) {
    try (NDManager scope = manager.newSubManager()) {
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        Function<String, NDArray> weights = parameters.differentiable(scope);
        NDArray loss = scope.create(0f);
        for (ParameterSpec spec : SPECS) {
          NDArray weight = weights.apply(spec.name());
          loss = loss.add(scope.create(g.get(spec.name()), weight.getShape()).mul(weight).sum());
        }
        collector.backward(loss);
      }
      return adam.step(scope, rates);
    }
  }

  private static float[] values(Parameters parameters, String name) {
    return parameters.frozen(name).toFloatArray();
  }

  private static float[] find(Map<String, float[]> all, String name) {
    return all.getOrDefault(name, new float[0]);
  }

  @Test
  void shouldMoveAsDjlsAdamStepForStep() {
    try (NDManager manager = NDManager.newBaseManager();
        Parameters parameters = parameters(manager);
        Adam adam = adam(manager, parameters)) {
      Optimizer djl = Optimizer.adam().optLearningRateTracker(Tracker.fixed(1e-2f)).build();
      Map<String, NDArray> theirs = new LinkedHashMap<>();
      start().forEach((name, w) -> theirs.put(name, manager.create(w)));
      Random random = new Random(3);
      for (int i = 0; i < 50; i++) {
        Map<String, float[]> g = gradient(random);
        step(manager, parameters, adam, RATES, g);
        theirs.forEach(
            (name, w) -> {
              if (trains(name)) {
                djl.update(name, w, manager.create(find(g, name)));
              }
              assertClose(values(parameters, name), w.toFloatArray(), 1e-6);
            });
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,    0,  1e-2, 1e-2, 99",
    "0.1,  0,  1e-2, 1e-2, 99",
    "0,    3,  1e-2, 1e-2, 99",
    "0,    99, 1e-2, 1e-2, 99",
    "0,    0,  5e-2, 1e-3, 99",
    "0.05, 2,  0,    1e-2, 99",
    "0.05, 2,  3e-2, 1e-2, 99",
    "0.05, 2,  1e-2, 1e-2, 4",
    "0.05, 2,  3e-2, 1e-2, 4",
    "0.05, 2,  3e-2, 1e-2, 1"
  })
  void shouldFollowThePapersAlgorithm(
      double decay, double clip, double gateRate, double rest, long atOnce) {
    Map<String, float[]> start = start();
    try (NDManager manager = NDManager.newBaseManager();
        Parameters parameters = parameters(manager);
        Adam adam = new Adam(manager, parameters, decay, clip, Adam.State.START, atOnce)) {
      PlainAdam plain = new PlainAdam(start, decay, clip);
      Random random = new Random(4);
      for (int t = 1; t <= 50; t++) {
        Map<String, float[]> g = gradient(random);
        // A schedule: each step has rates of its own.
        Adam.Rates rates = new Adam.Rates(gateRate / t, rest / Math.sqrt(t));
        OptionalDouble norm = step(manager, parameters, adam, rates, g);
        double expected = plain.step(g, t, rates);
        if (clip == 0) {
          assertThat(norm).isEmpty();
        } else {
          assertThat(norm).isPresent();
          assertThat(norm.orElseThrow()).isCloseTo(expected, Offset.offset(1e-4));
        }
      }
      for (ParameterSpec spec : SPECS) {
        assertClose(values(parameters, spec.name()), plain.weights(spec.name()), 1e-5);
      }
      assertThat(adam.state().steps()).isEqualTo(50);
      for (Adam.Moments own : adam.state().moments()) {
        String name = own.parameter().name();
        assertThat(own.first())
            .usingComparatorWithPrecision(1e-5f)
            .containsExactly(plain.first(name));
        assertThat(own.second())
            .usingComparatorWithPrecision(1e-5f)
            .containsExactly(plain.second(name));
      }
    }
  }

  @Test
  void shouldLeaveWhatDoesNotTrain() {
    try (NDManager manager = NDManager.newBaseManager();
        Parameters parameters = parameters(manager);
        Adam adam = new Adam(manager, parameters, 0.1, 1, Adam.State.START)) {
      step(manager, parameters, adam, RATES, gradient(new Random(1)));

      assertThat(values(parameters, "experts.0.running"))
          .containsExactly(find(start(), "experts.0.running"));
      assertThat(adam.state().moments())
          .extracting(own -> own.parameter().name())
          .containsExactly("gate.weight", "gate.bias", "experts.0.weight", "experts.1.weight");
    }
  }

  @ParameterizedTest
  @CsvSource({"1e-2, 1e-2", "3e-2, 1e-3"})
  void shouldGoOnFromAStateAsIfItHadNeverStopped(double gateRate, double rest) throws Exception {
    Adam.Rates rates = new Adam.Rates(gateRate, rest);
    Map<String, float[]> whole = new LinkedHashMap<>();
    Map<String, float[]> halves = new LinkedHashMap<>();
    try (NDManager manager = NDManager.newBaseManager();
        Parameters parameters = parameters(manager);
        Adam adam = new Adam(manager, parameters, 1e-3, 5, Adam.State.START)) {
      steps(manager, parameters, adam, rates, 0, 20);
      SPECS.forEach(spec -> whole.put(spec.name(), values(parameters, spec.name())));
    }
    Map<String, float[]> middle = new LinkedHashMap<>();
    Adam.State state;
    try (NDManager manager = NDManager.newBaseManager();
        Parameters parameters = parameters(manager);
        Adam adam = new Adam(manager, parameters, 1e-3, 5, Adam.State.START)) {
      steps(manager, parameters, adam, rates, 0, 11);
      SPECS.forEach(spec -> middle.put(spec.name(), values(parameters, spec.name())));
      state = adam.state();
    }
    // The engine's gradient mode belongs to a thread; an optimiser must not depend on which.
    CompletableFuture.runAsync(
            () -> {
              try (NDManager manager = NDManager.newBaseManager();
                  Parameters parameters = new Parameters(manager, SPECS, middle, AdamTest::trains);
                  Adam adam = new Adam(manager, parameters, 1e-3, 5, state)) {
                steps(manager, parameters, adam, rates, 11, 20);
                SPECS.forEach(spec -> halves.put(spec.name(), values(parameters, spec.name())));
              }
            })
        .get();

    whole.forEach((name, w) -> assertThat(find(halves, name)).as(name).containsExactly(w));
  }

  private static void steps(
      NDManager manager, Parameters parameters, Adam adam, Adam.Rates rates, int from, int to) {
    for (int t = from; t < to; t++) {
      step(manager, parameters, adam, rates, gradient(new Random(t)));
    }
  }

  @Test
  void shouldTakeAParameterWithoutAGradientAsGradientZero() {
    try (NDManager manager = NDManager.newBaseManager();
        Parameters parameters = parameters(manager);
        Adam adam = adam(manager, parameters)) {
      try (NDManager scope = manager.newSubManager()) {
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
          collector.backward(parameters.differentiable(scope).apply("gate.bias").sum());
        }
        adam.step(scope, RATES);
      }

      assertThat(values(parameters, "experts.1.weight"))
          .containsExactly(find(start(), "experts.1.weight"));
      assertThat(values(parameters, "gate.bias"))
          .usingComparatorWithPrecision(1e-6f)
          .containsExactly(0.99f, 1.99f, 2.99f);
    }
  }

  @Test
  void shouldLeaveNoArrayBehindAStep() {
    try (NDManager manager = NDManager.newBaseManager();
        Parameters parameters = parameters(manager);
        Adam adam = new Adam(manager, parameters, 0.1, 1, Adam.State.START)) {
      Map<String, float[]> g = gradient(new Random(1));
      Adam.Rates rates = new Adam.Rates(1e-2, 1e-3);
      step(manager, parameters, adam, rates, g);
      int before = arrays(manager);
      for (int i = 0; i < 5; i++) {
        step(manager, parameters, adam, rates, g);
      }

      assertThat(arrays(manager)).isEqualTo(before).isPositive();
    }
  }

  /** Arrays that the managers below {@code manager} own. */
  private static int arrays(NDManager manager) {
    return manager.getManagedArrays().size();
  }

  private static void assertClose(float[] actual, float[] expected, double relative) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i])
          .isCloseTo(expected[i], Offset.offset((float) (relative * Math.abs(expected[i]))));
    }
  }

  /** The algorithm in plain double loops. */
  private static final class PlainAdam {
    private final double decay;
    private final double clip;
    private final Map<String, double[]> weights = new LinkedHashMap<>();
    private final Map<String, double[]> first = new LinkedHashMap<>();
    private final Map<String, double[]> second = new LinkedHashMap<>();

    PlainAdam(Map<String, float[]> start, double decay, double clip) {
      this.decay = decay;
      this.clip = clip;
      start.forEach(
          (name, values) -> {
            double[] w = new double[values.length];
            Arrays.setAll(w, i -> values[i]);
            weights.put(name, w);
            first.put(name, new double[w.length]);
            second.put(name, new double[w.length]);
          });
    }

    double step(Map<String, float[]> gradients, int t, Adam.Rates rates) {
      double square = 0;
      for (String name : weights.keySet()) {
        for (float g : trains(name) ? find(gradients, name) : new float[0]) {
          square += (double) g * g;
        }
      }
      double norm = Math.sqrt(square);
      double scale = clip > 0 && norm > clip ? clip / norm : 1;
      weights.forEach(
          (name, w) -> {
            if (trains(name)) {
              double rate = name.startsWith("gate.") ? rates.gate() : rates.rest();
              move(name, w, find(gradients, name), t, rate, scale);
            }
          });
      return norm;
    }

    private void move(String name, double[] w, float[] g, int t, double rate, double scale) {
      double[] m = first.getOrDefault(name, w);
      double[] v = second.getOrDefault(name, w);
      for (int i = 0; i < w.length; i++) {
        double gradient = g[i] * scale + decay * w[i];
        m[i] = 0.9 * m[i] + 0.1 * gradient;
        v[i] = 0.999 * v[i] + 0.001 * gradient * gradient;
        double mHat = m[i] / (1 - Math.pow(0.9, t));
        double vHat = v[i] / (1 - Math.pow(0.999, t));
        w[i] -= rate * mHat / (Math.sqrt(vHat) + 1e-8);
      }
    }

    float[] weights(String name) {
      return floats(weights, name);
    }

    float[] first(String name) {
      return floats(first, name);
    }

    float[] second(String name) {
      return floats(second, name);
    }

    private static float[] floats(Map<String, double[]> all, String name) {
      double[] values = all.getOrDefault(name, new double[0]);
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      return floats;
    }
  }
}
