package dev.gatehouse.engine.schedule;

import java.util.Locale;

/**
 * Which rows are computed together. A call that nothing waits beside is computed at once on its
 * caller's thread, whatever the policy.
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

  /** Rows this much dearer than a hop would hold up their event loop. */
  private static final int HEAVY = 10;

  /**
   * The policy for a model of these costs. Workers take a hop there and one back to the caller's
   * event loop, so they pay where a row saves more than that in a batch, or would hold up its event
   * loop for long.
   *
   * @param sparse true where a row runs the chosen experts alone
   * @param rowsAnExpert rows that a full batch over all calls brings each expert
   */
  public static Policy of(Costs costs, boolean sparse, double rowsAnExpert) {
    if (costs.savedByBatching() > 2 * costs.hop()
        || costs.gateRow() + costs.expertRow() > HEAVY * costs.hop()) {
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
