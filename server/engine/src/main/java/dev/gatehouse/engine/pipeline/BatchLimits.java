package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.schedule.RunCost;
import dev.gatehouse.proto.BadInput;
import java.time.Duration;

/**
 * How many rows are computed together, and how long and how many may wait.
 *
 * @param maxBatch most rows of one run, 1 or more; a call with more rows goes part by part
 * @param maxQueuedRows most rows of a model that wait, 1 or more; further calls are refused. {@link
 *     #BY_SIZE} for {@link #DEFAULT_MAX_QUEUED_ROWS}, or as many as {@link #DEFAULT_QUEUED_BYTES}
 *     hold as floats where that is fewer
 * @param maxWait how long a row waits for its expert behind fuller queues before it goes first
 */
public record BatchLimits(int maxBatch, int maxQueuedRows, Duration maxWait) {
  /** Rows of a run beyond which a batch hardly gets cheaper a row. */
  public static final int DEFAULT_MAX_BATCH = 64;

  /** Two seconds of a model that answers 16,000 rows in one; 25 MB of MNIST's bytes. */
  public static final int DEFAULT_MAX_QUEUED_ROWS = 1 << 15;

  /** What waits must leave memory for what runs: 256 MiB. */
  public static final long DEFAULT_QUEUED_BYTES = 1L << 28;

  /** Most queued rows follow from the size of a row. */
  public static final int BY_SIZE = 0;

  /** Short beside the deadline of a request, long beside an expert's run. */
  public static final int DEFAULT_MAX_WAIT_MILLIS = 5;

  /** A row of a batch that costs less than this share of one alone is worth a long run. */
  private static final double WORTH_IT = 0.75;

  /** Checks the ranges. */
  public BatchLimits {
    if (maxBatch < 1 || maxQueuedRows < BY_SIZE || maxWait.isNegative()) {
      throw new BadInput(
          "limits of a batch are 1 row or more, and a wait of 0 or more;"
              + " batch=%d, queue=%d, wait=%s".formatted(maxBatch, maxQueuedRows, maxWait));
    }
  }

  /**
   * Most rows of one run of a graph. Where a batch hardly makes a row cheaper, a long run only
   * holds up those that wait behind it, and leaves other workers idle: then it takes {@link
   * #maxWait} at most.
   *
   * @param cost of a run
   */
  int rowsARun(RunCost cost) {
    if (cost.rowInBatch() < WORTH_IT * cost.row()) {
      return maxBatch;
    }
    double rows = maxWait.toNanos() / cost.rowInBatch();
    return (int) Math.max(1, Math.min(maxBatch, rows));
  }

  /** The same limits, which say how many rows may wait where a row has so many elements. */
  public BatchLimits forRowsOf(int elements) {
    if (maxQueuedRows != BY_SIZE) {
      return this;
    }
    long fit = DEFAULT_QUEUED_BYTES / ((long) Float.BYTES * elements);
    long rows = Math.max(maxBatch, Math.min(DEFAULT_MAX_QUEUED_ROWS, fit));
    return new BatchLimits(maxBatch, (int) rows, maxWait);
  }

  /** The defaults. */
  public static BatchLimits defaults() {
    return new BatchLimits(DEFAULT_MAX_BATCH, BY_SIZE, Duration.ofMillis(DEFAULT_MAX_WAIT_MILLIS));
  }
}
