package dev.gatehouse.trainer.evaluation;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.RoutingTable;
import dev.gatehouse.proto.run.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The measurements of arXiv 2302.14703, from predictions of a split. */
public final class Measure {
  private Measure() {}

  /** Errors under both rules, H_s, H_u and I(E;Y) with true labels. */
  public static Run.Measurements of(Predictions all, RoutingRule serving) {
    return new Run.Measurements(
        all.rows(),
        error(all, new RoutingRule.Dense()),
        error(all, serving),
        sampleEntropy(all),
        usageEntropy(all),
        Information.mutual(expertByClass(all)));
  }

  /** Who took which rows under {@code serving}. */
  public static RoutingTable routing(Predictions all, RoutingRule serving) {
    long[] hits = new long[all.experts()];
    for (int row = 0; row < all.rows(); row++) {
      for (int e : all.chosen(serving, row)) {
        hits[e]++;
      }
    }
    return new RoutingTable(
        serving,
        all.rows(),
        Arrays.stream(hits).boxed().toList(),
        Arrays.stream(gateMass(all)).boxed().toList(),
        sampleEntropy(all),
        expertByClass(all));
  }

  /** Share of rows whose served class is not the true one. */
  public static double error(Predictions all, RoutingRule rule) {
    int wrong = 0;
    for (int row = 0; row < all.rows(); row++) {
      if (Predictions.argmax(all.answer(rule, row)) != all.labels()[row]) {
        wrong++;
      }
    }
    return (double) wrong / all.rows();
  }

  /** H_s = mean_x( -sum_e p_e log2 p_e ), bits. */
  public static double sampleEntropy(Predictions all) {
    double sum = 0;
    for (int row = 0; row < all.rows(); row++) {
      sum += Information.entropy(doubles(all.gate(row)));
    }
    return sum / all.rows();
  }

  /** H_u, entropy of the mean gate distribution, bits. */
  public static double usageEntropy(Predictions all) {
    return Information.entropy(gateMass(all));
  }

  /** [experts] share of rows whose largest gate probability is the expert's. */
  public static List<Double> load(Predictions all) {
    return expertByClass(all).stream()
        .map(row -> (double) row.stream().mapToLong(Long::longValue).sum() / all.rows())
        .toList();
  }

  private static double[] gateMass(Predictions all) {
    double[] mass = new double[all.experts()];
    for (int i = 0; i < all.gate().length; i++) {
      mass[i % all.experts()] += all.gate()[i];
    }
    for (int e = 0; e < mass.length; e++) {
      mass[e] /= all.rows();
    }
    return mass;
  }

  private static List<List<Long>> expertByClass(Predictions all) {
    long[][] counts = new long[all.experts()][all.classes()];
    for (int row = 0; row < all.rows(); row++) {
      counts[Predictions.argmax(all.gate(row))][all.labels()[row]]++;
    }
    List<List<Long>> table = new ArrayList<>();
    for (long[] row : counts) {
      table.add(Arrays.stream(row).boxed().toList());
    }
    return List.copyOf(table);
  }

  private static double[] doubles(float[] values) {
    double[] all = new double[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = values[i];
    }
    return all;
  }
}
