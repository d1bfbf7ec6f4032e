package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;

/**
 * How a gate weighs the experts.
 *
 * @param logits [B, M] scores before they are made probabilities
 * @param probabilities [B, M] p; rows of a softmax add up to 1, those of a bounded gate need not
 */
public record GateOutput(NDArray logits, NDArray probabilities) {
  /** p = softmax(logits), {@code logits} [B, M]. */
  public static GateOutput softmax(NDArray logits) {
    return new GateOutput(logits, logits.softmax(1));
  }
}
