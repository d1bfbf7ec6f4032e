package dev.gatehouse.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.loss.StochasticLoss;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatesTest {
  private static final int ROWS = 2;
  private static final int EXPERTS = 3;
  private static final int CLASSES = 4;
  private static final Offset<Float> CLOSE = Offset.offset(1e-5f);

  private static float[] random(int length, long seed) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = 3 * random.nextFloat() - 1.5f;
    }
    return values;
  }

  private static double[] probabilities(float[] logits, int row, int expert) {
    double[] p = new double[CLASSES];
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      p[c] = Math.exp(logits[(row * EXPERTS + expert) * CLASSES + c]);
      sum += p[c];
    }
    for (int c = 0; c < CLASSES; c++) {
      p[c] /= sum;
    }
    return p;
  }

  /** softmin of {@code s / temperature}. */
  private static double[] softmin(double[] s, double temperature) {
    double[] p = new double[s.length];
    double sum = 0;
    for (int e = 0; e < s.length; e++) {
      p[e] = Math.exp(-s[e] / temperature);
      sum += p[e];
    }
    for (int e = 0; e < s.length; e++) {
      p[e] /= sum;
    }
    return p;
  }

  private static float[] gate(Gate gate, float[] logits, long[] labels, Pass pass) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.zeros(new Shape(ROWS, 1));
      NDArray answers = manager.create(logits, new Shape(ROWS, EXPERTS, CLASSES));
      return gate.forward(
              new GateInput(x, ExpertAnswers.of(answers, x), manager.create(labels), pass))
          .probabilities()
          .toFloatArray();
    }
  }

  @Test
  void shouldPreferTheExpertSurestOfTheTrueClass() {
    float[] logits = random(ROWS * EXPERTS * CLASSES, 1);
    long[] labels = {2, 0};

    float[] p = gate(new SelfInformationGate(), logits, labels, Pass.inference(2));

    for (int row = 0; row < ROWS; row++) {
      double[] s = new double[EXPERTS];
      for (int e = 0; e < EXPERTS; e++) {
        s[e] = -Math.log(probabilities(logits, row, e)[(int) labels[row]]) / Math.log(2);
      }
      double[] expected = softmin(s, 2);
      for (int e = 0; e < EXPERTS; e++) {
        assertThat(p[row * EXPERTS + e]).isCloseTo((float) expected[e], CLOSE);
      }
    }
  }

  /** Under the stochastic loss an expert's logits move by its share alone, as if p were given. */
  @ParameterizedTest
  @ValueSource(doubles = {10, 0.01})
  void shouldNotLetAnExpertWinRowsByBeingSure(double temperature) {
    float[] logits = random(ROWS * EXPERTS * CLASSES, 3);
    long[] labels = {1, 3};
    float[] gradient;
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray answers = manager.create(logits, new Shape(ROWS, EXPERTS, CLASSES));
      answers.setRequiresGradient(true);
      NDArray x = manager.zeros(new Shape(ROWS, 1));
      NDArray y = manager.create(labels);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        ExpertAnswers experts = ExpertAnswers.of(answers, x);
        GateOutput gate =
            new EntropyGate().forward(new GateInput(x, experts, y, Pass.training(temperature, 1)));
        collector.backward(
            StochasticLoss.of(
                gate.probabilities(), ExpertScores.logLikelihood(experts.logits(), y)));
      }
      gradient = answers.getGradient().toFloatArray();
    }

    float[] p = gate(new EntropyGate(), logits, labels, Pass.inference(temperature));
    for (int row = 0; row < ROWS; row++) {
      double[] share = new double[EXPERTS];
      double sum = 0;
      for (int e = 0; e < EXPERTS; e++) {
        share[e] =
            p[row * EXPERTS + e] * Math.sqrt(probabilities(logits, row, e)[(int) labels[row]]);
        sum += share[e];
      }
      for (int e = 0; e < EXPERTS; e++) {
        double[] o = probabilities(logits, row, e);
        for (int c = 0; c < CLASSES; c++) {
          double expected = share[e] / sum / 2 * (o[c] - (c == labels[row] ? 1 : 0)) / ROWS;
          assertThat(gradient[(row * EXPERTS + e) * CLASSES + c])
              .isCloseTo((float) expected, CLOSE);
        }
      }
    }
  }

  @Test
  void shouldPreferTheExpertOfLeastEntropy() {
    float[] logits = random(ROWS * EXPERTS * CLASSES, 2);

    float[] p = gate(new EntropyGate(), logits, new long[] {0, 0}, Pass.inference(10));

    for (int row = 0; row < ROWS; row++) {
      double[] s = new double[EXPERTS];
      for (int e = 0; e < EXPERTS; e++) {
        for (double o : probabilities(logits, row, e)) {
          s[e] -= o * Math.log(o) / Math.log(2);
        }
      }
      double[] expected = softmin(s, 10);
      for (int e = 0; e < EXPERTS; e++) {
        assertThat(p[row * EXPERTS + e]).isCloseTo((float) expected[e], CLOSE);
      }
    }
  }

  @Test
  void shouldAddTheSameNoiseForTheSameSeedAndNoneWhenServed() {
    float[] logits = random(ROWS * EXPERTS * CLASSES, 3);
    long[] labels = {1, 3};
    Gate gate = new SelfInformationGate();

    float[] first = gate(gate, logits, labels, Pass.training(1, 7));

    assertThat(gate(gate, logits, labels, Pass.training(1, 7))).containsExactly(first);
    assertThat(gate(gate, logits, labels, Pass.training(1, 8))).isNotEqualTo(first);
    assertThat(gate(gate, logits, labels, Pass.inference(1))).isNotEqualTo(first);
  }

  @Test
  void shouldBeThePlainGateOnceANoisyOneIsServed() {
    ModelSpec noisy = TinyModels.mixture(GateKind.NOISY, 3);
    ModelSpec plain = TinyModels.mixture(GateKind.SOFTMAX, 3);
    Map<String, float[]> values = Initialisation.of(noisy.parameters(), 4);
    Map<String, float[]> withoutNoise = new LinkedHashMap<>(values);
    withoutNoise.keySet().removeIf(name -> name.startsWith("gate.noise."));
    try (MixtureModel one = new MixtureModel(noisy, values, name -> false);
        MixtureModel other = new MixtureModel(plain, withoutNoise, name -> false)) {
      float[] raw = random(ROWS * TinyData.SIDE * TinyData.SIDE, 5);
      Shape shape = new Shape(ROWS, 1, TinyData.SIDE, TinyData.SIDE);
      NDArray rows = one.manager().create(raw, shape);

      assertThat(one.predictGate(rows).probabilities().toFloatArray())
          .containsExactly(
              other.predictGate(other.manager().create(raw, shape)).probabilities().toFloatArray());
      assertThat(one.trainGate(rows, Pass.training(1, 1)).gate().probabilities().toFloatArray())
          .isNotEqualTo(one.predictGate(rows).probabilities().toFloatArray());
    }
  }

  @Test
  void shouldSayWhatAGateNeedsThatIsAskedAlone() {
    ModelSpec spec = TinyModels.mixture(GateKind.ENTROPY, 3);
    try (MixtureModel model =
        new MixtureModel(spec, Initialisation.of(spec.parameters(), 1), name -> false)) {
      NDArray rows = model.manager().zeros(new Shape(1, 1, TinyData.SIDE, TinyData.SIDE));

      assertThatThrownBy(() -> model.predictGate(rows))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("this gate weighs the experts by what they say");
    }
  }
}
