package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;

/** All experts of a mixture. */
@FunctionalInterface
public interface Experts {
  /**
   * Answers a batch by every expert.
   *
   * @param x [B, shape of a row] normalised rows
   * @param pass how the batch goes through the model
   */
  ExpertAnswers forward(NDArray x, Pass pass);
}
