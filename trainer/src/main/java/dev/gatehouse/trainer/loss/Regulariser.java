package dev.gatehouse.trainer.loss;

import ai.djl.ndarray.NDArray;

/**
 * A term that is added to the loss for the sake of how experts share the rows. One of the user's
 * own is a record, whose components are written into the run folder, from which it is made again.
 */
public interface Regulariser {
  /**
   * The term for a batch, from operations that gradients pass through.
   *
   * @return a scalar
   */
  NDArray of(Routed routed);
}
