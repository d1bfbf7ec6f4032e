package dev.gatehouse.trainer.loop;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.trainer.evaluation.Predictions;

/** What a run minimises. */
interface Objective {
  /** Number of training rows. */
  int rows();

  /** The loss of the training rows at {@code indices} [b], 64-bit. */
  Outcome of(NDArray indices);

  /** What the model says of the held-out rows now. */
  Predictions validation();

  /**
   * One step's loss.
   *
   * @param loss a scalar, regularisers included
   * @param y [b, C] class probabilities under the training rule
   * @param labels [b] 64-bit true classes
   */
  record Outcome(NDArray loss, NDArray y, NDArray labels) {
    /** Number of rows whose class is wrong. */
    long wrong() {
      return y.argMax(1).neq(labels).sum().getLong();
    }
  }
}
