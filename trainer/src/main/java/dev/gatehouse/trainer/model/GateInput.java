package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * What a gate may look at.
 *
 * @param x [B, shape of a row] normalised rows
 * @param experts what the experts say of them; null where the gate is asked alone, as a gate that
 *     is served sparsely always is
 * @param labels [B] 64-bit true classes; null where they are not known
 * @param pass how the batch goes through the model
 */
public record GateInput(
    NDArray x, @Nullable ExpertAnswers experts, @Nullable NDArray labels, Pass pass) {
  /**
   * The experts' answers.
   *
   * @throws IllegalStateException when the gate is asked alone
   */
  public ExpertAnswers needExperts() {
    if (experts == null) {
      throw new IllegalStateException("this gate weighs the experts by what they say");
    }
    return experts;
  }

  /**
   * The true classes [B].
   *
   * @throws IllegalStateException when they are not known
   */
  public NDArray needLabels() {
    if (labels == null) {
      throw new IllegalStateException("this gate weighs the experts by the true class");
    }
    return labels;
  }
}
