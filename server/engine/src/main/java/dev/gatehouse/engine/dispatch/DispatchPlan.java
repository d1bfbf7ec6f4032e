package dev.gatehouse.engine.dispatch;

import dev.gatehouse.engine.tensor.Routing;

/**
 * The pairs of row and chosen expert of one batch, sorted by expert: what each expert computes.
 * Immutable.
 *
 * <p>Pair i is slot i % k of row i / k. Positions 0 to R - 1, R = rows times k, number the pairs by
 * expert, then by row; a row may have fewer pairs, and R is less then. The order is made by a
 * counting sort, which is stable, in time O(rows k + experts).
 */
public final class DispatchPlan {
  private final int rows;
  private final int k;
  private final int[] offsets;
  private final int[] pairAt;

  private DispatchPlan(int rows, int k, int[] offsets, int[] pairAt) {
    this.rows = rows;
    this.k = k;
    this.offsets = offsets;
    this.pairAt = pairAt;
  }

  /** The plan of a routing. */
  public static DispatchPlan of(Routing routing) {
    return of(routing.experts(), routing.k(), routing.expertIndices());
  }

  /**
   * The plan of chosen experts.
   *
   * @param experts number of experts, M
   * @param k experts a row
   * @param chosen {@code [rows, k]} experts; {@link Routing#NO_EXPERT} is no pair
   */
  public static DispatchPlan of(int experts, int k, int[] chosen) {
    int[] offsets = offsets(chosen, experts);
    int[] next = offsets.clone();
    int[] pairAt = new int[offsets[experts]];
    for (int pair = 0; pair < chosen.length; pair++) {
      if (chosen[pair] != Routing.NO_EXPERT) {
        pairAt[next[chosen[pair]]++] = pair;
      }
    }
    return new DispatchPlan(chosen.length / k, k, offsets, pairAt);
  }

  private static int[] offsets(int[] chosen, int experts) {
    int[] offsets = new int[experts + 1];
    for (int expert : chosen) {
      if (expert != Routing.NO_EXPERT) {
        offsets[expert + 1]++;
      }
    }
    for (int e = 0; e < experts; e++) {
      offsets[e + 1] += offsets[e];
    }
    return offsets;
  }

  /** Rows of the batch. */
  public int rows() {
    return rows;
  }

  /** Number of experts, M. */
  public int experts() {
    return offsets.length - 1;
  }

  /** Pairs of row and expert, R. */
  public int pairs() {
    return pairAt.length;
  }

  /** First position of expert {@code e}; its rows end at {@code offset(e + 1)}. */
  public int offset(int e) {
    return offsets[e];
  }

  /** Rows that expert {@code e} computes. */
  public int count(int e) {
    return offsets[e + 1] - offsets[e];
  }

  /** The pair at a position. */
  public int pairAt(int position) {
    return pairAt[position];
  }

  /** The row at a position. */
  public int rowAt(int position) {
    return pairAt[position] / k;
  }
}
