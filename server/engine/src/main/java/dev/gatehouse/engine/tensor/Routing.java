package dev.gatehouse.engine.tensor;

import java.util.Arrays;

/**
 * What the gate said of a batch, and which experts that chose. The arrays are row-major and belong
 * to the receiver.
 *
 * @param rows rows of the batch
 * @param experts number of experts, M
 * @param k experts chosen a row
 * @param gateProbabilities {@code [rows, experts]} the gate's softmax
 * @param expertIndices {@code [rows, k]} chosen experts by falling weight, the lower index first
 *     among equals
 * @param expertWeights {@code [rows, k]} their weights
 */
public record Routing(
    int rows,
    int experts,
    int k,
    float[] gateProbabilities,
    int[] expertIndices,
    float[] expertWeights) {
  /** Checks that the sizes fit together. */
  public Routing {
    if (gateProbabilities.length != rows * experts
        || expertIndices.length != rows * k
        || expertWeights.length != rows * k) {
      throw new IllegalArgumentException(
          "sizes do not fit: rows=" + rows + ", experts=" + experts + ", k=" + k);
    }
  }

  /** The routing of {@code count} rows from {@code from} on; a copy. */
  public Routing part(int from, int count) {
    return new Routing(
        count,
        experts,
        k,
        Arrays.copyOfRange(gateProbabilities, from * experts, (from + count) * experts),
        Arrays.copyOfRange(expertIndices, from * k, (from + count) * k),
        Arrays.copyOfRange(expertWeights, from * k, (from + count) * k));
  }
}
