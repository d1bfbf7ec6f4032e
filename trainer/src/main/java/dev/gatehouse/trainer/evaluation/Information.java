package dev.gatehouse.trainer.evaluation;

import java.util.Arrays;
import java.util.List;

/** Entropies and mutual information from counts, in bits, and the spread of counts. */
public final class Information {
  private Information() {}

  /** H of the distribution proportional to {@code weights}; 0 log 0 is 0. */
  public static double entropy(double... weights) {
    double sum = 0;
    for (double w : weights) {
      sum += w;
    }
    double entropy = 0;
    for (double w : weights) {
      if (w > 0) {
        entropy -= w / sum * (Math.log(w / sum) / Math.log(2));
      }
    }
    // Turns the -0.0 of a certain outcome into 0.0.
    return entropy + 0.0;
  }

  /**
   * I(A;B) = H(A) + H(B) - H(A,B).
   *
   * @param counts [a][b] how often both came together
   */
  public static double mutual(List<List<Long>> counts) {
    int columns = counts.get(0).size();
    double[] a = new double[counts.size()];
    double[] b = new double[columns];
    double[] both = new double[counts.size() * columns];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < columns; j++) {
        long count = counts.get(i).get(j);
        a[i] += count;
        b[j] += count;
        both[i * columns + j] = count;
      }
    }
    return Math.max(0, entropy(a) + entropy(b) - entropy(both));
  }

  /** Standard deviation, with Bessel's correction, over mean; 0 for one value or a mean of 0. */
  public static double variation(double... values) {
    double mean = Arrays.stream(values).average().orElse(0);
    if (values.length < 2 || mean == 0) {
      return 0;
    }
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1)) / mean;
  }

  /**
   * Adds up the columns of each family.
   *
   * @param counts [expert][class]
   * @param families [classes] family of each class, from 0
   * @return [expert][family]
   */
  public static List<List<Long>> byFamily(List<List<Long>> counts, List<Integer> families) {
    int size = families.stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
    return counts.stream()
        .map(
            row -> {
              Long[] sums = new Long[size];
              Arrays.fill(sums, 0L);
              for (int c = 0; c < row.size(); c++) {
                sums[families.get(c)] += row.get(c);
              }
              return List.of(sums);
            })
        .toList();
  }
}
