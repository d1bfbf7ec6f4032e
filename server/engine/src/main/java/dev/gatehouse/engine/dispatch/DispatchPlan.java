package dev.gatehouse.engine.dispatch;

import dev.gatehouse.engine.tensor.Routing;

/**
 * The pairs of row and chosen expert of one batch, sorted by expert: what each expert computes, and
 * where the answers of a row are found again. Immutable.
 *
 * <p>Positions 0 to R - 1, R = rows times k, number the pairs in this order: by expert, then by
 * row. It is made by a counting sort, which is stable, in time O(R + experts).
 */
public final class DispatchPlan {
  private final int rows;
  private final int k;
  private final int[] offsets;
  private final int[] rowAt;
  private final int[] positionOf;

  private DispatchPlan(int rows, int k, int[] offsets, int[] rowAt, int[] positionOf) {
    this.rows = rows;
    this.k = k;
    this.offsets = offsets;
    this.rowAt = rowAt;
    this.positionOf = positionOf;
  }

  /** The plan of a routing. */
  public static DispatchPlan of(Routing routing) {
    int[] chosen = routing.expertIndices();
    int[] offsets = offsets(chosen, routing.experts());
    int[] next = offsets.clone();
    int[] rowAt = new int[chosen.length];
    int[] positionOf = new int[chosen.length];
    for (int pair = 0; pair < chosen.length; pair++) {
      int position = next[chosen[pair]]++;
      rowAt[position] = pair / routing.k();
      positionOf[pair] = position;
    }
    return new DispatchPlan(routing.rows(), routing.k(), offsets, rowAt, positionOf);
  }

  private static int[] offsets(int[] chosen, int experts) {
    int[] offsets = new int[experts + 1];
    for (int expert : chosen) {
      offsets[expert + 1]++;
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

  /** Experts a row. */
  public int k() {
    return k;
  }

  /** Number of experts, M. */
  public int experts() {
    return offsets.length - 1;
  }

  /** Pairs of row and expert, R. */
  public int pairs() {
    return rowAt.length;
  }

  /** First position of expert {@code e}; its rows end at {@code offset(e + 1)}. */
  public int offset(int e) {
    return offsets[e];
  }

  /** Rows that expert {@code e} computes. */
  public int count(int e) {
    return offsets[e + 1] - offsets[e];
  }

  /** {@code [experts]} rows that each expert computes; a copy. */
  public int[] counts() {
    int[] counts = new int[experts()];
    for (int e = 0; e < counts.length; e++) {
      counts[e] = count(e);
    }
    return counts;
  }

  /** The row at a position. */
  public int rowAt(int position) {
    return rowAt[position];
  }

  /** The position of a row's slot, 0 to k - 1, the slots by falling weight. */
  public int positionOf(int row, int slot) {
    return positionOf[row * k + slot];
  }
}
