package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.tensor.Rows;

/** How rows become answers; owns its sessions. Thread-safe, but for {@link #close()}. */
sealed interface Inference extends AutoCloseable permits SparseInference, DenseInference {
  /** Answers {@code rows}, 1 or more, already checked. */
  Answer answer(Rows rows);

  @Override
  void close();
}
