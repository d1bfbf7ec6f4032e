package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;

/**
 * A request that is answered later. Exactly one of {@link #answered}, {@link #failed} and {@link
 * #dropped} is called, once, on the caller's thread, its event loop or a worker; it must not wait,
 * and what it throws goes to that thread.
 */
public interface Call {
  /** The rows; read until the call has ended. */
  RowSource rows();

  /** True while the answer is of use: the deadline has not passed, the caller is there. */
  boolean isWaiting();

  /**
   * When the answer is needed, in the time of {@link System#nanoTime()}; a far future for never.
   * Rows are computed earlier as it comes near.
   */
  long deadline();

  /** The answer. */
  void answered(Prediction prediction);

  /**
   * There is no answer.
   *
   * @param reason {@link dev.gatehouse.proto.BadInput} for the caller's mistake, {@link Overloaded}
   *     where the model's queue is full, anything else for the engine's
   */
  void failed(Throwable reason);

  /** {@link #isWaiting} was false before the rows were computed. */
  void dropped();
}
