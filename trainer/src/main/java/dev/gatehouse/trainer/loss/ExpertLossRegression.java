package dev.gatehouse.trainer.loss;

import ai.djl.ndarray.NDArray;

/**
 * The loss of a gate that learns to foretell the experts (arXiv 2302.14703, loss gate): sum_e
 * mean_x abs(g_e - log o_e[y]).
 */
public final class ExpertLossRegression {
  private ExpertLossRegression() {}

  /**
   * The loss of a batch; no gradient reaches the experts.
   *
   * @param logits g [B, M] of the gate
   * @param logLikelihood [B, M] log of each expert's probability of the true class
   * @return a scalar, nats
   */
  public static NDArray of(NDArray logits, NDArray logLikelihood) {
    return logits.sub(logLikelihood.stopGradient()).abs().mean(new int[] {0}).sum();
  }
}
