package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.schedule.WorkSource;

/** Calls of one model that wait for workers. Thread-safe. */
sealed interface BatchQueue extends WorkSource permits ExpertBatches, ModelBatches {
  /** Queues a call; false where the queue is full. */
  boolean add(Call call);

  /** Rows that wait. */
  int waitingRows();
}
