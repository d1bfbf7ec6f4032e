package dev.gatehouse.engine.tensor;

import dev.gatehouse.proto.routing.CertifiedRow;
import java.util.Arrays;
import java.util.List;

/**
 * What the gate said of a batch, and which experts answered. The arrays are row-major and belong to
 * the receiver.
 *
 * @param rows rows of the batch
 * @param experts number of experts, M
 * @param k experts chosen a row; under a certified rule the largest number that a row ran
 * @param gateProbabilities {@code [rows, experts]} the gate's softmax
 * @param expertIndices {@code [rows, k]} chosen experts by falling weight, the lower index first
 *     among equals; {@link #NO_EXPERT} behind those of a row that ran fewer than k
 * @param expertWeights {@code [rows, k]} their weights; 0 where there is no expert
 */
public record Routing(
    int rows,
    int experts,
    int k,
    float[] gateProbabilities,
    int[] expertIndices,
    float[] expertWeights) {
  /** In the place of an expert, behind the last one of a row that ran fewer than k. */
  public static final int NO_EXPERT = CertifiedRow.NO_EXPERT;

  /** Checks that the sizes fit together. */
  public Routing {
    if (gateProbabilities.length != rows * experts
        || expertIndices.length != rows * k
        || expertWeights.length != rows * k) {
      throw new IllegalArgumentException(
          "sizes do not fit: rows=" + rows + ", experts=" + experts + ", k=" + k);
    }
  }

  /** The experts that answered a row, 1 to k. */
  public int count(int row) {
    int count = k;
    while (count > 1 && expertIndices[row * k + count - 1] == NO_EXPERT) {
      count--;
    }
    return count;
  }

  /**
   * The routing of {@code count} rows from {@code from} on, as if they had been alone: k is the
   * largest number that one of them ran. A copy.
   */
  public Routing part(int from, int count) {
    int most = count == 0 ? k : 1;
    for (int row = from; row < from + count && most < k; row++) {
      most = Math.max(most, count(row));
    }
    int[] indices = new int[count * most];
    float[] weights = new float[count * most];
    for (int row = 0; row < count; row++) {
      System.arraycopy(expertIndices, (from + row) * k, indices, row * most, most);
      System.arraycopy(expertWeights, (from + row) * k, weights, row * most, most);
    }
    return new Routing(
        count,
        experts,
        most,
        Arrays.copyOfRange(gateProbabilities, from * experts, (from + count) * experts),
        indices,
        weights);
  }

  /** The routing of the rows of all; k is the largest of theirs. */
  static Routing joined(List<Routing> parts) {
    int experts = parts.get(0).experts;
    int rows = parts.stream().mapToInt(Routing::rows).sum();
    int k = parts.stream().mapToInt(Routing::k).max().orElseThrow();
    float[] gate = new float[rows * experts];
    int[] indices = new int[rows * k];
    float[] weights = new float[rows * k];
    Arrays.fill(indices, NO_EXPERT);
    int at = 0;
    for (Routing part : parts) {
      System.arraycopy(part.gateProbabilities, 0, gate, at * experts, part.rows * experts);
      for (int row = 0; row < part.rows; row++, at++) {
        System.arraycopy(part.expertIndices, row * part.k, indices, at * k, part.k);
        System.arraycopy(part.expertWeights, row * part.k, weights, at * k, part.k);
      }
    }
    return new Routing(rows, experts, k, gate, indices, weights);
  }
}
