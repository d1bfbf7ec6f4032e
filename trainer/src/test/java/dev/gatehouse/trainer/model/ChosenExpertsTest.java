package dev.gatehouse.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.trainer.config.Architectures;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.testing.RandomModels;
import dev.gatehouse.trainer.testing.TinyModels;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChosenExpertsTest {
  private static final Pass PASS = Pass.training(1, 1);

  /**
   * One step's answers and gradients.
   *
   * @param y [B C]
   * @param gate [B M]
   * @param gradient of every parameter
   */
  private record Learnt(float[] y, float[] gate, float[] gradient) {}

  static LongStream seeds() {
    return LongStream.range(0, 30);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shouldAnswerAndLearnAsWithEveryExpert(long seed) {
    Random random = new Random(seed);
    ModelSpec spec = RandomModels.mixture(random, false);
    spec =
        new ModelSpec(
            spec.input(),
            spec.classes(),
            spec.experts(),
            spec.expert(),
            new GateSpec.Softmax(Objects.requireNonNull(spec.gate().network())));
    RoutingRule.TopK rule = new RoutingRule.TopK(1 + random.nextInt(spec.experts()));
    int rows = 1 + random.nextInt(12);
    float[] x = new float[rows * spec.input().shape().elements()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }

    Learnt every = learnt(spec, rule, x, false);
    Learnt chosen = learnt(spec, rule, x, true);

    assertClose("y", chosen.y(), every.y());
    assertClose("gate", chosen.gate(), every.gate());
    assertClose("gradient", chosen.gradient(), every.gradient());
  }

  @Test
  void shouldRefuseAGateThatLooksAtTheExperts() {
    ModelSpec spec = TinyModels.mixture(GateKind.ATTENTIVE, 3);
    float[] x = new float[spec.input().shape().elements()];

    assertThatThrownBy(() -> learnt(spec, new RoutingRule.TopK(1), x, true))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "paper-mnist, SOFTMAX, 10, 1, true",
    "paper-mnist, SOFTMAX, 10, 9, false",
    "paper-mnist, ATTENTIVE, 10, 1, false",
    // Its batch normalisation would see the chosen rows alone.
    "paper-cifar, SOFTMAX, 10, 1, false"
  })
  void shouldBeUsedWhereItIsTheSameAndFaster(
      String architecture, GateKind gate, int experts, int k, boolean used) {
    var networks = Architectures.named(architecture).networks();
    boolean colour = architecture.equals("paper-cifar");
    ModelSpec spec =
        new ModelSpec(
            colour ? RandomModels.image(3, 32) : RandomModels.image(1, 28),
            List.of("a", "b"),
            experts,
            networks.expert(),
            gate.spec(networks.gate(), 1));

    assertThat(Execution.runsChosen(spec, new RoutingRule.TopK(k))).isEqualTo(used);
    assertThat(Execution.runsChosen(spec, new RoutingRule.Dense())).isFalse();
  }

  private static Learnt learnt(ModelSpec spec, RoutingRule.TopK rule, float[] x, boolean chosen) {
    try (MixtureModel model =
            new MixtureModel(spec, Initialisation.of(spec.parameters(), 3), name -> true);
        NDManager scope = model.manager().newSubManager()) {
      NDArray y;
      GateOutput gate;
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        Shape row = new Shape(spec.input().shape().dims().stream().mapToLong(i -> i).toArray());
        NDArray raw = scope.create(x, new Shape(x.length / row.size()).addAll(row));
        if (chosen) {
          ChosenOutput output = model.trainChosen(raw, rule, PASS);
          y = output.y();
          gate = output.gate();
        } else {
          MixtureOutput output = model.train(raw, scope.zeros(new Shape(1)), PASS);
          y = output.combined(rule);
          gate = output.gate();
        }
        NDArray classes = scope.arange((int) y.getShape().get(1)).add(1);
        collector.backward(y.mul(classes).square().sum());
      }
      return new Learnt(
          y.toFloatArray(),
          gate.probabilities().toFloatArray(),
          model.parameters().gradient(scope).toFloatArray());
    }
  }

  /** Equal but for rounding, on the scale of the largest element. */
  private static void assertClose(String what, float[] actual, float[] expected) {
    float scale = 0;
    for (float value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i])
          .as("%s, element %d", what, i)
          .isCloseTo(expected[i], Offset.offset(1e-5f * scale));
    }
  }
}
