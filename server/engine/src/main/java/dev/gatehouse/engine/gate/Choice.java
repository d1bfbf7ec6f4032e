package dev.gatehouse.engine.gate;

import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.proto.network.RoutingRule;

/**
 * Which experts the gate's probabilities choose under a routing rule.
 *
 * <p>Top-k keeps the k largest, the lower index first among equals, and weighs them with the
 * softmax over the kept logits, which is p_e over the sum of the kept p (arXiv 2302.14703, top-k);
 * for k = 1 that is the constant 1. A dense rule reports the argmax with its probability.
 */
public final class Choice {
  private Choice() {}

  /**
   * Chooses.
   *
   * @param rule the rule
   * @param rows rows of the batch
   * @param experts number of experts, M
   * @param probabilities {@code [rows, experts]}; becomes part of the routing
   */
  public static Routing choose(RoutingRule rule, int rows, int experts, float[] probabilities) {
    int k = rule.k();
    int[] indices = new int[rows * k];
    float[] weights = new float[rows * k];
    for (int row = 0; row < rows; row++) {
      largest(probabilities, row * experts, experts, indices, row * k, k);
      for (int i = row * k; i < (row + 1) * k; i++) {
        weights[i] = probabilities[row * experts + indices[i]];
      }
      if (rule instanceof RoutingRule.TopK) {
        normalise(weights, row * k, k);
      }
    }
    return new Routing(rows, experts, k, probabilities, indices, weights);
  }

  /** Writes the k largest of {@code p[start, start + n)} in falling order, by insertion. */
  private static void largest(float[] p, int start, int n, int[] indices, int to, int k) {
    int kept = 0;
    for (int e = 0; e < n; e++) {
      int at = kept;
      while (at > 0 && p[start + e] > p[start + indices[to + at - 1]]) {
        at--;
      }
      if (at < k) {
        kept = Math.min(kept + 1, k);
        System.arraycopy(indices, to + at, indices, to + at + 1, kept - 1 - at);
        indices[to + at] = e;
      }
    }
  }

  private static void normalise(float[] weights, int start, int k) {
    if (k == 1) {
      weights[start] = 1;
      return;
    }
    float sum = 0;
    for (int i = start; i < start + k; i++) {
      sum += weights[i];
    }
    for (int i = start; i < start + k; i++) {
      weights[i] /= sum;
    }
  }
}
