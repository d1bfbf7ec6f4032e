package dev.gatehouse.trainer.loss;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.trainer.testing.FiniteDifferences;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class MixtureCrossEntropyTest {
  @Test
  void shouldBeTheMeanOfMinusLogOfTheTarget() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray y = manager.create(new float[] {0.5f, 0.5f, 0.25f, 0.75f}, new Shape(2, 2));
      NDArray labels = manager.create(new long[] {1, 0});

      // (log 2 + log 4) / 2
      assertThat(MixtureCrossEntropy.of(y, labels).getFloat())
          .isCloseTo((float) (1.5 * Math.log(2)), Offset.offset(1e-6f));
    }
  }

  @Test
  void shouldStayFiniteWhenTheTargetIsImpossible() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray y = manager.create(new float[] {1, 0}, new Shape(1, 2));

      // -log 1e-15
      assertThat(MixtureCrossEntropy.of(y, manager.create(new long[] {1})).getFloat())
          .isCloseTo(34.538776f, Offset.offset(1e-4f));
    }
  }

  @Test
  void shouldHaveTheGradientOfCentralDifferences() {
    FiniteDifferences.assertGradient(
        new Random(31).doubles(4 * 3, -2, 2).toArray(),
        new Shape(4, 3),
        logits ->
            MixtureCrossEntropy.of(
                logits.softmax(1), logits.getManager().create(new long[] {0, 2, 1, 1})));
  }

  @Test
  void shouldMatchATeachersGateWithTheGradientOfCentralDifferences() {
    double[] teacher = {0.7, 0.2, 0.1, 0.05, 0.05, 0.9};
    FiniteDifferences.assertGradient(
        new Random(32).doubles(2 * 3, -2, 2).toArray(),
        new Shape(2, 3),
        logits ->
            new GateMatch(0.6).of(logits, logits.getManager().create(teacher, new Shape(2, 3))));
  }

  @Test
  void shouldMatchATeachersGateByCrossEntropy() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray logits = manager.zeros(new Shape(1, 4));
      NDArray teacher = manager.create(new float[] {0.1f, 0.2f, 0.3f, 0.4f}, new Shape(1, 4));

      assertThat(new GateMatch(2).of(logits, teacher).getFloat())
          .isCloseTo((float) (2 * Math.log(4)), Offset.offset(1e-6f));
    }
  }
}
