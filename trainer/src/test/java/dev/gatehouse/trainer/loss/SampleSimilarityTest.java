package dev.gatehouse.trainer.loss;

import static dev.gatehouse.trainer.loss.Routings.routed;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import dev.gatehouse.trainer.testing.FiniteDifferences;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SampleSimilarityTest {
  private static final int PIXELS = 3;

  /** The formula as it stands in the paper, loop by loop. */
  private static double byLoops(double[][] p, double[][] x, double same, double different) {
    int rows = p.length;
    int experts = p[0].length;
    double largest = 0;
    for (double[] a : x) {
      for (double[] b : x) {
        largest = Math.max(largest, distance(a, b));
      }
    }
    if (largest == 0 || rows == 1 || experts == 1) {
      return 0;
    }
    double s = 0;
    double f = 0;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < rows; j++) {
        double d = distance(x[i], x[j]) / largest;
        for (int e = 0; e < experts; e++) {
          for (int other = 0; other < experts; other++) {
            if (e == other) {
              s += p[i][e] * p[j][e] * d / experts;
            } else {
              f += p[i][e] * p[j][other] * d / (experts * experts - experts);
            }
          }
        }
      }
    }
    return (same * s - different * f) / (rows * rows - rows);
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  private static double[][] matrix(NDArray array) {
    int rows = (int) array.getShape().get(0);
    double[] flat = array.toDoubleArray();
    double[][] all = new double[rows][flat.length / rows];
    for (int i = 0; i < flat.length; i++) {
      all[i / all[0].length][i % all[0].length] = flat[i];
    }
    return all;
  }

  private static void assertLoopsAgree(
      int rows, int experts, long seed, UnaryOperator<NDArray> gate) {
    Random random = new Random(seed);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x =
          manager.create(
              random.doubles((long) rows * PIXELS).toArray(), new Shape(rows, 1, 1, PIXELS));
      NDArray p =
          gate.apply(
              manager.create(
                  random.doubles((long) rows * experts, -2, 2).toArray(),
                  new Shape(rows, experts)));

      double loss = new SampleSimilarity(2.5, 0.75, false).of(routed(p, x)).toDoubleArray()[0];

      assertThat(loss)
          .as("seed %d", seed)
          .isCloseTo(byLoops(matrix(p), matrix(x), 2.5, 0.75), Offset.offset(1e-9));
    }
  }

  @ParameterizedTest
  @CsvSource({"2,2,1", "7,3,2", "16,5,3", "1,4,4", "6,1,5"})
  void shouldEqualPlainLoopsForASoftmaxGate(int rows, int experts, long seed) {
    assertLoopsAgree(rows, experts, seed, logits -> logits.softmax(1));
  }

  @ParameterizedTest
  @CsvSource({"5,3,6", "9,4,7"})
  void shouldEqualPlainLoopsForABoundedGate(int rows, int experts, long seed) {
    assertLoopsAgree(rows, experts, seed, Activation::sigmoid);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 64})
  void shouldBeExactlyZeroForIdenticalRows(int rows) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray row = manager.create(new float[] {0.1f, -123.4f, 7.7f}, new Shape(1, PIXELS));
      NDArray p = manager.randomNormal(new Shape(rows, 3)).softmax(1);

      assertThat(new SampleSimilarity(3, 2, false).of(routed(p, row.repeat(0, rows))).getFloat())
          .isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void shouldHaveTheGradientOfCentralDifferences(long seed) {
    Random random = new Random(seed);
    double[] pixels = random.doubles(6 * PIXELS).toArray();
    FiniteDifferences.assertGradient(
        random.doubles(6 * 4, -1, 1).toArray(),
        new Shape(6, 4),
        logits ->
            new SampleSimilarity(5, 3, false)
                .of(
                    routed(
                        logits.softmax(1),
                        logits.getManager().create(pixels, new Shape(6, PIXELS)))));
  }

  @ParameterizedTest
  @CsvSource({"1,4", "6,1"})
  void shouldLeaveAFiniteGradientWhereItIsZero(int rows, int experts) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray p = manager.ones(new Shape(rows, experts));
      p.setRequiresGradient(true);
      try (var collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(
            new SampleSimilarity(1, 1, false).of(routed(p, manager.ones(new Shape(rows, 2)))));
      }

      assertThat(p.getGradient().toFloatArray()).containsOnly(0);
    }
  }
}
