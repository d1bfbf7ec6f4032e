package dev.gatehouse.trainer.loss;

import ai.djl.ndarray.NDArray;

/** Cross-entropy of a mixture's answer: -mean_x log(y_target + 1e-15) (arXiv 2302.14703). */
public final class MixtureCrossEntropy {
  private static final double EPSILON = 1e-15;

  private MixtureCrossEntropy() {}

  /**
   * The loss of a batch.
   *
   * @param y [B, C] class probabilities
   * @param labels [B] 64-bit true classes
   * @return a scalar, nats
   */
  public static NDArray of(NDArray y, NDArray labels) {
    return y.gather(labels.expandDims(1), 1).add(EPSILON).log().mean().neg();
  }
}
