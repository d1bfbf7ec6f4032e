package dev.gatehouse.engine.schedule;

import java.util.Locale;

/**
 * Which rows are computed together. A call that nothing waits beside, when the turn of its event
 * loop ends, is computed on that loop, whatever the policy, unless several workers would answer it
 * sooner. What waits for workers is shared by all that are free, see {@link RunCost#share}.
 */
public enum Policy {
  /** All rows that arrived in one turn of the caller's event loop, on that loop: no thread hop. */
  PER_TICK,

  /** The rows of one expert, from all callers, on workers: an expert's weights are read once. */
  PER_EXPERT,

  /**
   * All rows that wait, on workers: for models that run every expert for each row, and for those of
   * so few experts that a batch over all calls brings each of them many rows anyway.
   */
  PER_MODEL;

  /**
   * What a row must save in a batch to be worth a place in a worker's queues: 25 microseconds. It
   * is not measured at load: a queue takes a few microseconds of threads that are awake, as under
   * load they are, but to wake one that sleeps takes 4 or 40 by turns of the system's scheduler.
   */
  private static final double WORTH_QUEUING_NANOS = 25_000;

  /** A row that takes longer would hold up the others of its event loop: 100 microseconds. */
  private static final double HEAVY_NANOS = 100_000;

  /**
   * The policy for a model of these costs. Workers pay where a row saves much in a batch, or would
   * hold up its event loop for long.
   *
   * @param sparse true where a row runs the chosen experts alone
   * @param rowsAnExpert rows that a full batch over all calls brings each expert
   */
  public static Policy of(Costs costs, boolean sparse, double rowsAnExpert) {
    if (costs.savedByBatching() > WORTH_QUEUING_NANOS
        || costs.gateRow() + costs.expertRow() > HEAVY_NANOS) {
      return sparse && rowsAnExpert < Costs.BATCH ? PER_EXPERT : PER_MODEL;
    }
    return PER_TICK;
  }

  /** As in metrics: {@code per_tick}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
