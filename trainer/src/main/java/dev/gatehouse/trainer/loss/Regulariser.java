package dev.gatehouse.trainer.loss;

import ai.djl.ndarray.NDArray;

/** A term that is added to the loss for the sake of how experts share the rows. */
public sealed interface Regulariser permits Importance, SampleSimilarity {
  /**
   * The term for a batch.
   *
   * @param p [B, M] gate probabilities
   * @param x [B, shape of a row] normalised rows
   * @return a scalar
   */
  NDArray of(NDArray p, NDArray x);
}
