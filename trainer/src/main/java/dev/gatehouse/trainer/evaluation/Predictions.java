package dev.gatehouse.trainer.evaluation;

import dev.gatehouse.proto.network.RoutingRule;
import java.util.Arrays;

/**
 * What a mixture says of a split, before its experts are combined, and the served rule in plain
 * Java on top of it.
 *
 * @param experts number of experts, M
 * @param classes number of classes, C
 * @param labels [rows] true classes
 * @param gate [rows, M] gate probabilities, row-major
 * @param outputs [rows, M, C] class probabilities of each expert, row-major
 */
public record Predictions(int experts, int classes, int[] labels, float[] gate, float[] outputs) {
  /** Checks the lengths. */
  public Predictions {
    if (gate.length != labels.length * experts || outputs.length != gate.length * classes) {
      throw new IllegalArgumentException(
          "gate and outputs need rows * experts and rows * experts * classes values; rows="
              + labels.length
              + ", gate="
              + gate.length
              + ", outputs="
              + outputs.length);
    }
  }

  /** Number of rows. */
  public int rows() {
    return labels.length;
  }

  /** p [M] of a row. */
  public float[] gate(int row) {
    return Arrays.copyOfRange(gate, row * experts, (row + 1) * experts);
  }

  /**
   * The experts that take a row, by falling gate probability, the lower index first among equals: k
   * of them, and the argmax alone for a dense rule.
   */
  public int[] chosen(RoutingRule rule, int row) {
    float[] p = gate(row);
    int[] chosen = new int[rule.k()];
    for (int i = 0; i < chosen.length; i++) {
      int best = argmax(p);
      chosen[i] = best;
      p[best] = Float.NEGATIVE_INFINITY;
    }
    return chosen;
  }

  /** y [C] of a row as it is served under {@code rule}: weights of the chosen add up to 1. */
  public float[] answer(RoutingRule rule, int row) {
    return rule instanceof RoutingRule.TopK ? mix(row, chosen(rule, row)) : dense(row);
  }

  /** y = sum_e p_e o_e, [C]. */
  public float[] dense(int row) {
    double[] sum = new double[classes];
    for (int e = 0; e < experts; e++) {
      add(sum, row, e, gate[row * experts + e]);
    }
    return floats(sum);
  }

  /** Index of the largest value, the lower one among equals. */
  public static int argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private float[] mix(int row, int[] chosen) {
    double mass = 0;
    for (int e : chosen) {
      mass += gate[row * experts + e];
    }
    double[] sum = new double[classes];
    for (int e : chosen) {
      add(sum, row, e, chosen.length == 1 ? 1 : gate[row * experts + e] / mass);
    }
    return floats(sum);
  }

  private void add(double[] sum, int row, int expert, double weight) {
    int start = (row * experts + expert) * classes;
    for (int c = 0; c < classes; c++) {
      sum[c] += weight * outputs[start + c];
    }
  }

  private static float[] floats(double[] values) {
    float[] all = new float[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) values[i];
    }
    return all;
  }
}
