package dev.gatehouse.trainer.model;

/**
 * Which rows go to which expert, sorted by expert. A slot is one choice of one row: slot {@code row
 * k + j} is the row's j-th.
 *
 * @param rows [B k] the row of each slot, sorted by expert and then by slot
 * @param places [B k] where each slot stands in that order
 * @param counts [M] slots of each expert
 */
record Dispatch(long[] rows, long[] places, int[] counts) {
  /**
   * Sorts the choices of a gate.
   *
   * @param chosen [B k] the expert of each slot
   * @param k experts a row
   * @param experts number of experts, M
   */
  static Dispatch of(long[] chosen, int k, int experts) {
    int[] counts = new int[experts];
    for (long expert : chosen) {
      counts[(int) expert]++;
    }
    int[] next = new int[experts];
    for (int e = 1; e < experts; e++) {
      next[e] = next[e - 1] + counts[e - 1];
    }
    long[] rows = new long[chosen.length];
    long[] places = new long[chosen.length];
    for (int slot = 0; slot < chosen.length; slot++) {
      int place = next[(int) chosen[slot]]++;
      rows[place] = slot / k;
      places[slot] = place;
    }
    return new Dispatch(rows, places, counts);
  }
}
