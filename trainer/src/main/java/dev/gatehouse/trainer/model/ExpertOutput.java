package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;

/**
 * What one expert says of a batch.
 *
 * @param logits [B, C]; the expert answers their softmax
 * @param hidden [B, h] its last hidden layer, where an attentive gate takes its keys
 */
public record ExpertOutput(NDArray logits, NDArray hidden) {
  /** Of an expert without a hidden layer: the logits stand for it. */
  public ExpertOutput(NDArray logits) {
    this(logits, logits);
  }
}
