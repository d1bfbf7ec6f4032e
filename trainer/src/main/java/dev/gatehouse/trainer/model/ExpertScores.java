package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;

/** How well each expert alone does on rows whose true class is known. */
public final class ExpertScores {
  private ExpertScores() {}

  /**
   * log o_e(x)[y], the negative cross-entropy of each expert.
   *
   * @param logits [B, M, C] of the experts
   * @param labels [B] 64-bit true classes
   * @return [B, M], nats
   */
  public static NDArray logLikelihood(NDArray logits, NDArray labels) {
    long experts = logits.getShape().get(1);
    NDArray target = labels.reshape(-1, 1, 1).repeat(1, experts);
    return logits.logSoftmax(2).gather(target, 2).squeeze(2);
  }
}
