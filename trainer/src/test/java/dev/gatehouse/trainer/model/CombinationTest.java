package dev.gatehouse.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.trainer.testing.FiniteDifferences;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CombinationTest {
  private static final float[] P = {0.5f, 0.3f, 0.2f};
  private static final float[] EXPERTS = {0.9f, 0.1f, 0.4f, 0.6f, 0.2f, 0.8f};

  private static void assertCombined(RoutingRule rule, double first, double second) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray y =
          Combination.combined(
              rule,
              gate(manager.create(P, new Shape(1, 3))),
              manager.create(EXPERTS, new Shape(1, 3, 2)));

      assertThat(y.getShape()).isEqualTo(new Shape(1, 2));
      assertThat(y.toFloatArray()[0]).isEqualTo((float) first, within());
      assertThat(y.toFloatArray()[1]).isEqualTo((float) second, within());
    }
  }

  private static GateOutput gate(NDArray p) {
    return new GateOutput(p.log(), p);
  }

  private static org.assertj.core.data.Offset<Float> within() {
    return org.assertj.core.data.Offset.offset(1e-6f);
  }

  @Test
  void shouldWeighEveryExpertWhenDense() {
    assertCombined(
        new RoutingRule.Dense(),
        0.5 * 0.9 + 0.3 * 0.4 + 0.2 * 0.2,
        0.5 * 0.1 + 0.3 * 0.6 + 0.2 * 0.8);
  }

  @Test
  void shouldKeepTheFullProbabilityForTopOneAndSpreadTheRestOverAllClasses() {
    assertCombined(new RoutingRule.TopK(1), 0.5 * 0.9 + 0.5 / 2, 0.5 * 0.1 + 0.5 / 2);
  }

  @Test
  void shouldTakeTheOneExpertAsItIsWhereTheGateDoesNotLearn() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray y =
          Combination.combined(
              new RoutingRule.TopK(1),
              gate(manager.create(P, new Shape(1, 3))).fixed(),
              manager.create(EXPERTS, new Shape(1, 3, 2)));

      assertThat(y.toFloatArray()).containsExactly(0.9f, 0.1f);
    }
  }

  @Test
  void shouldSpreadTheKeptProbabilitiesToOneForTopTwo() {
    assertCombined(
        new RoutingRule.TopK(2), (0.5 * 0.9 + 0.3 * 0.4) / 0.8, (0.5 * 0.1 + 0.3 * 0.6) / 0.8);
  }

  @ParameterizedTest
  @CsvSource({"0, true", "1, false"})
  void shouldAskForMoreOfARightTopOneExpertAndForLessOfAWrongOne(int target, boolean more) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray logits = manager.create(new float[] {2, 1, 0}, new Shape(1, 3));
      logits.setRequiresGradient(true);
      NDArray experts = manager.create(EXPERTS, new Shape(1, 3, 2));
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(
            Combination.combined(new RoutingRule.TopK(1), gate(logits.softmax(1)), experts)
                .get("0, {}", target)
                .log()
                .sum());
      }

      float chosen = logits.getGradient().toFloatArray()[0];
      float other = logits.getGradient().toFloatArray()[1];
      assertThat(more ? chosen : other).isPositive();
      assertThat(more ? other : chosen).isNegative();
    }
  }

  @Test
  void shouldHaveTheGradientOfCentralDifferencesForTopTwo() {
    double[] experts = new double[EXPERTS.length];
    Arrays.setAll(experts, i -> EXPERTS[i]);
    FiniteDifferences.assertGradient(
        new double[] {2, 1, 0},
        new Shape(1, 3),
        logits ->
            Combination.combined(
                    new RoutingRule.TopK(2),
                    gate(logits.softmax(1)),
                    logits.getManager().create(experts, new Shape(1, 3, 2)))
                .get("0, 0")
                .sum());
  }
}
