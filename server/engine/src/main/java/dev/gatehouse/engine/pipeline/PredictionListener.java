package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.tensor.Routing;

/**
 * Hears of every answered batch, on the thread that predicted, before the answer is returned. Must
 * be thread-safe and quick.
 */
@FunctionalInterface
public interface PredictionListener {
  /**
   * A batch was answered; warm-up, self-test and refused rows are not among them.
   *
   * @param routing what the gate said; an expert's hits are the rows whose {@code expertIndices}
   *     hold it
   * @param computedRows {@code [experts]} rows that went through each expert; in a dense bundle
   *     every row for each expert
   */
  void predicted(Routing routing, int[] computedRows);
}
