package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;

/**
 * What all experts say of a batch.
 *
 * @param logits [B, M, C]
 * @param probabilities o [B, M, C], their softmax over the classes
 * @param hidden [B, M, h] the experts' last hidden layers
 */
public record ExpertAnswers(NDArray logits, NDArray probabilities, NDArray hidden) {
  /** Answers by their logits. */
  static ExpertAnswers of(NDArray logits, NDArray hidden) {
    return new ExpertAnswers(logits, logits.softmax(2), hidden);
  }
}
