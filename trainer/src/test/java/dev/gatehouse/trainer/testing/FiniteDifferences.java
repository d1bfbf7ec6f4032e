package dev.gatehouse.trainer.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;

/** Holds an engine's gradient against central differences, in 64-bit floats. */
public final class FiniteDifferences {
  private static final double STEP = 1e-5;

  private FiniteDifferences() {}

  /** Checks the gradient of a scalar function at {@code at}. */
  public static void assertGradient(double[] at, Shape shape, UnaryOperator<NDArray> function) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.create(at, shape);
      x.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(function.apply(x));
      }
      double[] gradient = x.getGradient().toDoubleArray();
      for (int i = 0; i < at.length; i++) {
        double above = value(manager, at, shape, i, STEP, function);
        double below = value(manager, at, shape, i, -STEP, function);
        assertThat(gradient[i])
            .as("derivative by element %d", i)
            .isCloseTo(
                (above - below) / (2 * STEP), Offset.offset(1e-7 + 1e-5 * Math.abs(gradient[i])));
      }
      assertThat(Arrays.stream(gradient).map(Math::abs).max().orElse(0))
          .as("a gradient that says something")
          .isGreaterThan(1e-4);
    }
  }

  private static double value(
      NDManager manager,
      double[] at,
      Shape shape,
      int element,
      double by,
      UnaryOperator<NDArray> function) {
    double[] moved = at.clone();
    moved[element] += by;
    return function.apply(manager.create(moved, shape)).toDoubleArray()[0];
  }
}
