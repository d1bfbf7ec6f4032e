package dev.gatehouse.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.trainer.array.Scaled;

/**
 * The stochastic loss -mean_x log(sum_e p_e exp(-CE_e / 2) + 1e-15) (arXiv 2302.14703; the form of
 * adaptive mixtures of local experts): an expert is chosen with probability p_e, so each is held
 * against the label alone, not as a part of the mixture.
 */
public final class StochasticLoss {
  private static final double EPSILON = 1e-15;

  private StochasticLoss() {}

  /**
   * The loss of a batch.
   *
   * @param p [B, M] gate probabilities
   * @param logLikelihood [B, M] -CE_e, log of each expert's probability of the true class
   * @return a scalar, nats
   */
  public static NDArray of(NDArray p, NDArray logLikelihood) {
    return Scaled.by(logLikelihood, 0.5)
        .exp()
        .mul(p)
        .sum(new int[] {1})
        .add(EPSILON)
        .log()
        .mean()
        .neg();
  }
}
