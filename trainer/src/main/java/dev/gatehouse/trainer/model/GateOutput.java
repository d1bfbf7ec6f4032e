package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.trainer.array.Scaled;

/**
 * How a gate weighs the experts.
 *
 * @param logits [B, M] scores before they are made probabilities
 * @param probabilities [B, M] p; rows of a softmax add up to 1, those of a bounded gate need not
 * @param learns false when p passes no gradient on
 */
public record GateOutput(NDArray logits, NDArray probabilities, boolean learns) {
  /** A gate that learns through its probabilities. */
  public GateOutput(NDArray logits, NDArray probabilities) {
    this(logits, probabilities, true);
  }

  /** p = softmax(logits), {@code logits} [B, M]. */
  public static GateOutput softmax(NDArray logits) {
    return new GateOutput(logits, logits.softmax(1));
  }

  /** p = softmax(scores / temperature), {@code scores} [B, M]. */
  public static GateOutput softmax(NDArray scores, double temperature) {
    return softmax(temperature == 1 ? scores : Scaled.by(scores, 1 / temperature));
  }

  /** The same without a gradient. */
  public GateOutput fixed() {
    return new GateOutput(logits.stopGradient(), probabilities.stopGradient(), false);
  }
}
