package dev.gatehouse.engine.schedule;

/**
 * What a run over some rows takes on one worker; nanoseconds.
 *
 * @param row one row alone
 * @param rowInBatch each further row of a batch
 */
public record RunCost(double row, double rowInBatch) {
  /** Waking a worker takes 4 or 40 microseconds; what it runs should take more: 100. */
  private static final double LEAST_PART_NANOS = 100_000;

  /** Parts may take so many times the processor time of the whole; each has its weights to read. */
  private static final double MOST_WORK = 1.5;

  /** What a run over so many rows takes, 1 or more. */
  public double of(int rows) {
    return row + (rows - 1) * rowInBatch;
  }

  /**
   * In how many parts rows are run by workers that have nothing else to do: as many as there are
   * workers, where none is so small that handing it over would cost more than it gains, and where a
   * batch is not so much cheaper than its parts that they would rather be computed together.
   *
   * @param rows how many there are
   * @param workers that are free, 1 or more
   * @return 1 for rows that one worker runs best
   */
  public int parts(int rows, int workers) {
    int parts = Math.min(rows, workers);
    while (parts > 1 && !isWorth(parts, rows)) {
      parts--;
    }
    return Math.max(1, parts);
  }

  private boolean isWorth(int parts, int rows) {
    return of(rows / parts) >= LEAST_PART_NANOS
        && parts * of(ceilDiv(rows, parts)) <= MOST_WORK * of(rows);
  }

  /**
   * How many of the rows that wait a free worker runs, so that each other has as many.
   *
   * @param rows that wait
   * @param workers that are free, this one among them
   */
  public int share(int rows, int workers) {
    return ceilDiv(rows, parts(rows, workers));
  }

  private static int ceilDiv(int rows, int parts) {
    return (rows + parts - 1) / parts;
  }
}
