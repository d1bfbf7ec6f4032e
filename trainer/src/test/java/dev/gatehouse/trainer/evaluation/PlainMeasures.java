package dev.gatehouse.trainer.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * The measurements by their formulas, in plain double loops over whole arrays; knows nothing of the
 * code under test but the arrays it is given.
 *
 * @param gate [rows][experts]
 * @param outputs [rows][experts][classes]
 * @param labels [rows]
 * @param k experts that a row is served by; 0 for all of them, weighted by the gate
 */
record PlainMeasures(double[][] gate, double[][][] outputs, int[] labels, int k) {

  static PlainMeasures of(Predictions all, int k) {
    double[][] gate = new double[all.rows()][all.experts()];
    double[][][] outputs = new double[all.rows()][all.experts()][all.classes()];
    for (int n = 0; n < all.rows(); n++) {
      for (int e = 0; e < all.experts(); e++) {
        gate[n][e] = all.gate()[n * all.experts() + e];
        for (int c = 0; c < all.classes(); c++) {
          outputs[n][e][c] = all.outputs()[(n * all.experts() + e) * all.classes() + c];
        }
      }
    }
    return new PlainMeasures(gate, outputs, all.labels(), k);
  }

  int experts() {
    return gate[0].length;
  }

  int classes() {
    return outputs[0][0].length;
  }

  /** Indices by falling value, the lower index first among equals. */
  static List<Integer> order(double[] values) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      int at = 0;
      while (at < order.size() && values[order.get(at)] >= values[i]) {
        at++;
      }
      order.add(at, i);
    }
    return order;
  }

  List<Integer> chosen(int n, int most) {
    return order(gate[n]).subList(0, most);
  }

  double[] weights(int n, int most) {
    if (most == 0) {
      return gate[n];
    }
    double sum = 0;
    for (int e : chosen(n, most)) {
      sum += gate[n][e];
    }
    double[] weights = new double[experts()];
    for (int e : chosen(n, most)) {
      weights[e] = gate[n][e] / sum;
    }
    return weights;
  }

  /** y of a row; as floats, which is how a client sees it and how ties are told. */
  double[] answer(int n, int most) {
    double[] y = new double[classes()];
    double[] weights = weights(n, most);
    for (int c = 0; c < y.length; c++) {
      for (int e = 0; e < experts(); e++) {
        y[c] += weights[e] * outputs[n][e][c];
      }
      y[c] = (float) y[c];
    }
    return y;
  }

  double error(int most, int top) {
    int wrong = 0;
    for (int n = 0; n < labels.length; n++) {
      wrong += order(answer(n, most)).subList(0, top).contains(labels[n]) ? 0 : 1;
    }
    return (double) wrong / labels.length;
  }

  boolean right(int n, int e) {
    return order(outputs[n][e]).get(0) == labels[n];
  }

  double oracleError() {
    int nobody = 0;
    for (int n = 0; n < labels.length; n++) {
      boolean any = false;
      for (int e = 0; e < experts(); e++) {
        any |= right(n, e);
      }
      nobody += any ? 0 : 1;
    }
    return (double) nobody / labels.length;
  }

  double misrouted() {
    int count = 0;
    for (int n = 0; n < labels.length; n++) {
      boolean other = false;
      for (int e = 0; e < experts(); e++) {
        other |= !chosen(n, Math.max(1, k)).contains(e) && right(n, e);
      }
      count += other && order(answer(n, k)).get(0) != labels[n] ? 1 : 0;
    }
    return (double) count / labels.length;
  }

  static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }

  double sampleEntropy(int most) {
    double sum = 0;
    for (int n = 0; n < labels.length; n++) {
      for (double p : weights(n, most)) {
        sum -= p > 0 ? p * log2(p) : 0;
      }
    }
    return sum / labels.length;
  }

  double usageEntropy(int most) {
    double entropy = 0;
    for (int e = 0; e < experts(); e++) {
      double mean = 0;
      for (int n = 0; n < labels.length; n++) {
        mean += weights(n, most)[e] / labels.length;
      }
      entropy -= mean > 0 ? mean * log2(mean) : 0;
    }
    return entropy;
  }

  /** Sum over e, y of p(e,y) log2( p(e,y) / (p(e) p(y)) ): the other form of I(E;Y). */
  double information(int[] of) {
    double sum = 0;
    for (int e = 0; e < experts(); e++) {
      for (int c = 0; c < classes(); c++) {
        double both = 0;
        double expert = 0;
        double label = 0;
        for (int n = 0; n < labels.length; n++) {
          boolean isExpert = chosen(n, 1).get(0) == e;
          expert += isExpert ? 1.0 / labels.length : 0;
          label += of[n] == c ? 1.0 / labels.length : 0;
          both += isExpert && of[n] == c ? 1.0 / labels.length : 0;
        }
        sum += both > 0 ? both * log2(both / (expert * label)) : 0;
      }
    }
    return sum;
  }

  int[] ownWords() {
    int[] said = new int[labels.length];
    for (int n = 0; n < said.length; n++) {
      said[n] = order(outputs[n][chosen(n, 1).get(0)]).get(0);
    }
    return said;
  }

  double expertEntropy(int c) {
    double entropy = 0;
    for (int e = 0; e < experts(); e++) {
      double p = (double) own(e, c) / rows(c);
      entropy -= p > 0 ? p * log2(p) : 0;
    }
    return entropy;
  }

  long rows(int c) {
    long rows = 0;
    for (int label : labels) {
      rows += label == c ? 1 : 0;
    }
    return rows;
  }

  long own(int e, int c) {
    long rows = 0;
    for (int n = 0; n < labels.length; n++) {
      rows += chosen(n, 1).get(0) == e && labels[n] == c ? 1 : 0;
    }
    return rows;
  }

  double hits(int e) {
    double hits = 0;
    for (int n = 0; n < labels.length; n++) {
      hits += chosen(n, Math.max(1, k)).contains(e) ? 1 : 0;
    }
    return hits;
  }

  double mass(int e) {
    double mass = 0;
    for (double[] p : gate) {
      mass += p[e];
    }
    return mass;
  }

  double variation(boolean ofHits) {
    double mean = 0;
    for (int e = 0; e < experts(); e++) {
      mean += (ofHits ? hits(e) : mass(e)) / experts();
    }
    double squares = 0;
    for (int e = 0; e < experts(); e++) {
      squares += Math.pow((ofHits ? hits(e) : mass(e)) - mean, 2);
    }
    return Math.sqrt(squares / (experts() - 1)) / mean;
  }

  double accuracy(int e) {
    double own = 0;
    double right = 0;
    for (int n = 0; n < labels.length; n++) {
      if (chosen(n, 1).get(0) == e) {
        own++;
        right += right(n, e) ? 1 : 0;
      }
    }
    return right / own;
  }

  double calibrationError(int bins) {
    double sum = 0;
    for (int b = 0; b < bins; b++) {
      double count = 0;
      double right = 0;
      double confidence = 0;
      for (int n = 0; n < labels.length; n++) {
        double[] y = answer(n, k);
        int said = order(y).get(0);
        boolean last = b == bins - 1;
        if (y[said] * bins >= b && (last || y[said] * bins < b + 1)) {
          count++;
          confidence += y[said];
          right += said == labels[n] ? 1 : 0;
        }
      }
      sum += count > 0 ? count / labels.length * Math.abs(right / count - confidence / count) : 0;
    }
    return sum;
  }
}
