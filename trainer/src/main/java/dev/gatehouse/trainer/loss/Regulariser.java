package dev.gatehouse.trainer.loss;

import ai.djl.ndarray.NDArray;

/** A term that is added to the loss for the sake of how experts share the rows. */
public sealed interface Regulariser permits Importance, SampleSimilarity, LoadBalance, RouterZ {
  /**
   * The term for a batch.
   *
   * @return a scalar
   */
  NDArray of(Routed routed);
}
