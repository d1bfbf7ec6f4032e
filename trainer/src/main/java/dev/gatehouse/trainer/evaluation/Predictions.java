package dev.gatehouse.trainer.evaluation;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.routing.CertifiedRow;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

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
   * of them, the argmax alone for a dense rule, and as many as run for a certified one.
   */
  public int[] chosen(RoutingRule rule, int row) {
    if (rule instanceof RoutingRule.Certified) {
      CertifiedRow certified = certified(row);
      return IntStream.range(0, certified.count()).map(certified::expert).toArray();
    }
    float[] p = gate(row);
    int[] chosen = new int[rule.k()];
    for (int i = 0; i < chosen.length; i++) {
      int best = argmax(p);
      chosen[i] = best;
      p[best] = Float.NEGATIVE_INFINITY;
    }
    return chosen;
  }

  /**
   * The weights [M] with which {@code rule} adds up the experts: the chosen ones' gate
   * probabilities over their sum (arXiv 2302.14703: the softmax over the kept logits), 1 where one
   * is chosen, and 0 for the others; for a dense rule p itself. Of a certified row those that ran
   * over their sum, and p where all did.
   */
  public double[] weights(RoutingRule rule, int row) {
    double[] weights = new double[experts];
    if (rule instanceof RoutingRule.TopK) {
      int[] chosen = chosen(rule, row);
      double mass = 0;
      for (int e : chosen) {
        mass += gate[row * experts + e];
      }
      for (int e : chosen) {
        weights[e] = chosen.length == 1 ? 1 : gate[row * experts + e] / mass;
      }
    } else if (rule instanceof RoutingRule.Certified) {
      CertifiedRow certified = certified(row);
      for (int i = 0; i < certified.count(); i++) {
        weights[certified.expert(i)] = certified.weight(i);
      }
    } else {
      for (int e = 0; e < experts; e++) {
        weights[e] = gate[row * experts + e];
      }
    }
    return weights;
  }

  /** y = sum_e w_e o_e [C] of a row as it is served under {@code rule}. */
  public float[] answer(RoutingRule rule, int row) {
    if (rule instanceof RoutingRule.Certified) {
      float[] answer = new float[classes];
      certified(row).write(answer, 0);
      return answer;
    }
    double[] weights = weights(rule, row);
    double[] sum = new double[classes];
    for (int e = 0; e < experts; e++) {
      // An expert that is not asked must not matter, whatever it says.
      for (int c = 0; weights[e] != 0 && c < classes; c++) {
        sum[c] += weights[e] * outputs[(row * experts + e) * classes + c];
      }
    }
    float[] answer = new float[classes];
    for (int c = 0; c < classes; c++) {
      answer[c] = (float) sum[c];
    }
    return answer;
  }

  /** A row of which as many experts ran as its label takes. */
  CertifiedRow certified(int row) {
    CertifiedRow certified = new CertifiedRow(gate, row * experts, experts, classes);
    FloatBuffer answers = FloatBuffer.wrap(outputs);
    for (int e = certified.next(); e != CertifiedRow.NO_EXPERT; e = certified.next()) {
      certified.add(answers, (row * experts + e) * classes);
    }
    return certified;
  }

  /** o_e [C] of a row: what expert {@code e} says alone. */
  public float[] expert(int row, int e) {
    int start = (row * experts + e) * classes;
    return Arrays.copyOfRange(outputs, start, start + classes);
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
}
