package dev.gatehouse.engine.schedule;

/**
 * What a row costs on this machine, measured when a model is loaded; nanoseconds.
 *
 * @param gateRow one row through the gate alone; 0 where there is no gate of its own
 * @param gateRowInBatch one row of a batch of {@link #BATCH} through the gate; 0 likewise
 * @param expertRow one row through one expert alone; in a dense model through all
 * @param expertRowInBatch one row of a batch of {@link #BATCH} through the same
 */
public record Costs(
    double gateRow, double gateRowInBatch, double expertRow, double expertRowInBatch) {
  /** Rows of the batch that is measured. */
  public static final int BATCH = 16;

  /** A run of the gate. */
  public RunCost gate() {
    return new RunCost(gateRow, gateRowInBatch);
  }

  /** A run of an expert. */
  public RunCost expert() {
    return new RunCost(expertRow, expertRowInBatch);
  }

  /**
   * Rows through all stages.
   *
   * @param experts that a row runs
   */
  public RunCost whole(double experts) {
    return new RunCost(gateRow + experts * expertRow, gateRowInBatch + experts * expertRowInBatch);
  }

  /** What a row saves when its expert computes it together with others. */
  public double savedByBatching() {
    return expertRow - expertRowInBatch;
  }

  /** What a row saves when the gate looks at it together with others. */
  public double savedByGateBatching() {
    return gateRow - gateRowInBatch;
  }
}
