package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.experts.ResidencyListener;
import dev.gatehouse.engine.tensor.Routing;

/**
 * Hears of every answered batch, on the thread that predicted, before the answer is returned. Must
 * be thread-safe and quick.
 */
@FunctionalInterface
public interface PredictionListener extends ResidencyListener {
  /**
   * A batch was answered; warm-up, self-test and refused rows are not among them. A large call is
   * answered part by part, and a part may have been before another is refused or given up.
   *
   * @param routing what the gate said; an expert's hits are the rows whose {@code expertIndices}
   *     hold it
   * @param computed which experts ran
   */
  void predicted(Routing routing, Computed computed);

  @Override
  default void loaded(int e, long nanos) {}

  @Override
  default void evicted(int e) {}

  /** Which experts computed the rows of a batch. */
  enum Computed {
    /** For each row its chosen experts: an expert's computed rows are its hits. */
    THE_CHOSEN,
    /** Every expert every row. */
    EVERY_EXPERT
  }
}
