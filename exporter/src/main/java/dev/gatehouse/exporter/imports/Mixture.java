package dev.gatehouse.exporter.imports;

import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.ArrayList;
import java.util.List;

/**
 * The answers of gate and experts put together in plain loops over doubles: what the served graphs
 * are held to. Nothing here knows how they are made.
 *
 * @param rule which experts answer
 * @param gate {@code [rows, experts]} probabilities
 * @param experts {@code [rows, classes]} probabilities each
 * @param rows number of rows
 * @param classes number of classes
 */
record Mixture(RoutingRule rule, double[] gate, List<double[]> experts, int rows, int classes) {

  /** The probabilities of the first {@code n} rows' classes, row-major. */
  float[] outputs(int n) {
    float[] outputs = new float[n * classes];
    for (int row = 0; row < n; row++) {
      int[] chosen = chosen(row);
      double kept = 0;
      for (int e : chosen) {
        kept += probability(row, e);
      }
      for (int c = 0; c < classes; c++) {
        double sum = 0;
        for (int e : chosen) {
          sum += probability(row, e) / kept * experts.get(e)[row * classes + c];
        }
        outputs[row * classes + c] = (float) sum;
      }
    }
    return outputs;
  }

  /** The gate's probabilities of the first {@code n} rows, row-major. */
  float[] gateProbabilities(int n) {
    float[] floats = new float[n * experts.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) gate[i];
    }
    return floats;
  }

  private double probability(int row, int e) {
    return gate[row * experts.size() + e];
  }

  /** All experts under a dense rule; else the k most probable, the lower index among equals. */
  private int[] chosen(int row) {
    int wanted = rule instanceof RoutingRule.TopK top ? top.k() : experts.size();
    return mostProbable(row, wanted);
  }

  private int[] mostProbable(int row, int wanted) {
    boolean[] taken = new boolean[experts.size()];
    int[] chosen = new int[wanted];
    for (int slot = 0; slot < wanted; slot++) {
      int best = -1;
      for (int e = 0; e < taken.length; e++) {
        if (!taken[e] && (best < 0 || probability(row, e) > probability(row, best))) {
          best = e;
        }
      }
      taken[best] = true;
      chosen[slot] = best;
    }
    return chosen;
  }

  /** Load and entropy of the gate over all rows. */
  Manifest.Baseline baseline() {
    long[] hits = new long[experts.size()];
    double bits = 0;
    for (int row = 0; row < rows; row++) {
      for (int e : mostProbable(row, rule.k())) {
        hits[e]++;
      }
      for (int e = 0; e < hits.length; e++) {
        double p = probability(row, e);
        bits -= p > 0 ? p * Math.log(p) / Math.log(2) : 0;
      }
    }
    List<Double> share = new ArrayList<>();
    for (long hit : hits) {
      share.add(hit / ((double) rows * rule.k()));
    }
    return new Manifest.Baseline(rows, share, bits / rows);
  }
}
