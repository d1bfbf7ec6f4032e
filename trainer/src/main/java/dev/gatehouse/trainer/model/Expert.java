package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;

/** One expert of a mixture. Implement it to mix networks of your own. */
@FunctionalInterface
public interface Expert {
  /**
   * Answers a batch.
   *
   * @param x [B, shape of a row] normalised rows
   * @param pass how the batch goes through the model
   */
  ExpertOutput forward(NDArray x, Pass pass);
}
