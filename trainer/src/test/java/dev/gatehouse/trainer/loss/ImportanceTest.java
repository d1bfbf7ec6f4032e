package dev.gatehouse.trainer.loss;

import static dev.gatehouse.trainer.loss.Routings.routed;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.trainer.testing.FiniteDifferences;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ImportanceTest {
  @Test
  void shouldBeTheSquaredCoefficientOfVariationWithBesselsCorrection() {
    try (NDManager manager = NDManager.newBaseManager()) {
      // I = (1.5, 0.5, 1.0): mean 1, variance (0.25 + 0.25 + 0) / 2 = 0.25.
      NDArray p = manager.create(new float[] {0.7f, 0.2f, 0.1f, 0.8f, 0.3f, 0.9f}, new Shape(2, 3));

      assertThat(new Importance(0.4).of(routed(p, p)).getFloat())
          .isCloseTo(0.1f, Offset.offset(1e-7f));
    }
  }

  @Test
  void shouldBeZeroForBalancedUse() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray p = manager.create(new float[] {1, 0, 0, 1}, new Shape(2, 2));

      assertThat(new Importance(1).of(routed(p, p)).getFloat()).isZero();
    }
  }

  @Test
  void shouldBeZeroForOneExpert() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray p = manager.ones(new Shape(3, 1));

      assertThat(new Importance(1).of(routed(p, p)).getFloat()).isZero();
    }
  }

  @Test
  void shouldHaveTheGradientOfCentralDifferences() {
    Random random = new Random(11);
    FiniteDifferences.assertGradient(
        random.doubles(5 * 4).toArray(),
        new Shape(5, 4),
        logits -> new Importance(0.7).of(routed(logits.softmax(1), logits)));
  }
}
