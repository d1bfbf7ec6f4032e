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

/** The losses beside the mixture's cross-entropy, each against its formula in plain loops. */
class RoutingLossesTest {
  private static final int ROWS = 4;
  private static final int EXPERTS = 3;
  private static final Shape SHAPE = new Shape(ROWS, EXPERTS);
  private static final Offset<Double> CLOSE = Offset.offset(1e-12);

  private static double[] values(long seed) {
    return new Random(seed).doubles(ROWS * EXPERTS, -2, 1).toArray();
  }

  private static double[] softmax(double[] logits) {
    double[] p = new double[logits.length];
    for (int row = 0; row < ROWS; row++) {
      double sum = 0;
      for (int e = 0; e < EXPERTS; e++) {
        sum += Math.exp(logits[row * EXPERTS + e]);
      }
      for (int e = 0; e < EXPERTS; e++) {
        p[row * EXPERTS + e] = Math.exp(logits[row * EXPERTS + e]) / sum;
      }
    }
    return p;
  }

  @Test
  void shouldSumTheExpertsLikelihoodsUnderTheGateInTheStochasticLoss() {
    double[] p = softmax(values(1));
    double[] logLikelihood = values(2);
    double expected = 0;
    for (int row = 0; row < ROWS; row++) {
      double sum = 1e-15;
      for (int e = 0; e < EXPERTS; e++) {
        double crossEntropy = -logLikelihood[row * EXPERTS + e];
        sum += p[row * EXPERTS + e] * Math.exp(-crossEntropy / 2);
      }
      expected -= Math.log(sum) / ROWS;
    }
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray loss =
          StochasticLoss.of(manager.create(p, SHAPE), manager.create(logLikelihood, SHAPE));

      assertThat(loss.toDoubleArray()[0]).isCloseTo(expected, CLOSE);
    }
  }

  @Test
  void shouldHaveTheStochasticLossesGradientByGateAndExperts() {
    double[] other = values(3);
    FiniteDifferences.assertGradient(
        values(4),
        SHAPE,
        logits -> StochasticLoss.of(logits.softmax(1), logits.getManager().create(other, SHAPE)));
    FiniteDifferences.assertGradient(
        values(5),
        SHAPE,
        likelihood ->
            StochasticLoss.of(likelihood.getManager().create(softmax(other), SHAPE), likelihood));
  }

  @Test
  void shouldMeasureHowFarTheGateIsFromEachExpertsLikelihood() {
    double[] g = values(6);
    double[] logLikelihood = values(7);
    double expected = 0;
    for (int i = 0; i < g.length; i++) {
      expected += Math.abs(g[i] - logLikelihood[i]) / ROWS;
    }
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray loss =
          ExpertLossRegression.of(manager.create(g, SHAPE), manager.create(logLikelihood, SHAPE));

      assertThat(loss.toDoubleArray()[0]).isCloseTo(expected, CLOSE);
    }
  }

  @Test
  void shouldWeighMassByChoicesInTheLoadBalance() {
    try (NDManager manager = NDManager.newBaseManager()) {
      // Both rows choose expert 0: f = (1, 0), P = (0.7, 0.3), M f.P = 2 * 0.7.
      NDArray p = manager.create(new double[] {0.8, 0.2, 0.6, 0.4}, new Shape(2, 2));
      NDArray chosen = manager.create(new double[] {1, 0, 1, 0}, new Shape(2, 2));

      double loss = new LoadBalance(0.5).of(new Routed(p, p, p, () -> chosen)).toDoubleArray()[0];

      assertThat(loss).isCloseTo(0.5 * 2 * 0.7, Offset.offset(1e-7));
    }
  }

  @Test
  void shouldBeTheWeightWhenLoadIsEven() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray p = manager.create(new double[] {0.5, 0.5, 0.5, 0.5}, new Shape(2, 2));
      NDArray two = manager.ones(new Shape(2, 2)).toType(p.getDataType(), false);

      assertThat(new LoadBalance(0.3).of(new Routed(p, p, p, () -> two)).toDoubleArray()[0])
          .isCloseTo(0.3, Offset.offset(1e-7));
    }
  }

  @Test
  void shouldSquareTheLogOfTheSumInTheZLoss() {
    double[] g = values(8);
    double expected = 0;
    for (int row = 0; row < ROWS; row++) {
      double sum = 0;
      for (int e = 0; e < EXPERTS; e++) {
        sum += Math.exp(g[row * EXPERTS + e]);
      }
      expected += 0.25 * Math.log(sum) * Math.log(sum) / ROWS;
    }
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray logits = manager.create(g, SHAPE);

      assertThat(new RouterZ(0.25).of(routed(logits, logits)).toDoubleArray()[0])
          .isCloseTo(expected, CLOSE);
    }
    FiniteDifferences.assertGradient(
        g, SHAPE, logits -> new RouterZ(0.25).of(routed(logits, logits)));
  }
}
