package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.pipeline.PredictionListener.Computed;
import dev.gatehouse.engine.schedule.Costs;
import dev.gatehouse.engine.tensor.Prediction;

/** How rows become answers; owns its sessions. Thread-safe, but for {@link #close()}. */
sealed interface Inference extends AutoCloseable permits SparseInference, DenseInference {
  /** Answers the first {@code rows} rows of {@code lane.in()}, 1 or more, already checked. */
  Prediction answer(Lane lane, int rows);

  /** Which experts compute the rows that it answers. */
  Computed computed();

  /** True when its graph takes whole numbers from 0 to 255 alone. */
  boolean takesBytes();

  /** Experts that are timed as {@link Costs#expertRow} for a row, by expectation. */
  double expertsARow();

  /** What rows cost on this machine, by timing; {@code lane} is {@link Lane#forTiming}. */
  Costs costs(Lane lane);

  @Override
  void close();
}
