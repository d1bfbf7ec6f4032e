package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;

/** Weighs the experts for each row. Implement it to train a gate of your own. */
@FunctionalInterface
public interface Gate {
  /**
   * Weighs the experts for a batch.
   *
   * @param x [B, shape of a row] normalised rows
   * @param hidden [B, M, h] the experts' last hidden layers; a gate that is to be served sparsely
   *     does not look at them
   */
  GateOutput forward(NDArray x, NDArray hidden);
}
