package dev.gatehouse.engine.pipeline;

import dev.gatehouse.proto.BadInput;
import java.time.Duration;

/**
 * How many rows are computed together, and how long and how many may wait.
 *
 * @param maxBatch most rows of one run, 1 or more; a call with more rows is still run at once
 * @param maxQueuedRows most rows of a model that wait, 1 or more; further calls are refused
 * @param maxWait how long a row waits for its expert behind fuller queues before it goes first
 */
public record BatchLimits(int maxBatch, int maxQueuedRows, Duration maxWait) {
  /** Rows of a run beyond which a batch hardly gets cheaper a row. */
  public static final int DEFAULT_MAX_BATCH = 64;

  /** Two seconds of a model that answers 16,000 rows in one; 25 MB of MNIST's bytes. */
  public static final int DEFAULT_MAX_QUEUED_ROWS = 1 << 15;

  /** Short beside the deadline of a request, long beside an expert's run. */
  public static final int DEFAULT_MAX_WAIT_MILLIS = 5;

  /** Checks the ranges. */
  public BatchLimits {
    if (maxBatch < 1 || maxQueuedRows < 1 || maxWait.isNegative()) {
      throw new BadInput(
          "limits of a batch are 1 row or more, and a wait of 0 or more;"
              + " batch=%d, queue=%d, wait=%s".formatted(maxBatch, maxQueuedRows, maxWait));
    }
  }

  /** The defaults. */
  public static BatchLimits defaults() {
    return new BatchLimits(
        DEFAULT_MAX_BATCH, DEFAULT_MAX_QUEUED_ROWS, Duration.ofMillis(DEFAULT_MAX_WAIT_MILLIS));
  }
}
