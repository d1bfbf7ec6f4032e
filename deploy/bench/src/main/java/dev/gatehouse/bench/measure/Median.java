package dev.gatehouse.bench.measure;

import java.util.Arrays;

/** The middle of some measurements. */
public final class Median {
  private Median() {}

  /** The median; the mean of the middle two of an even number. */
  public static double of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** The median of {@code above[i] / below[i]}: each ratio is of two turns of one round. */
  public static double ofRatios(double[] above, double[] below) {
    double[] ratios = new double[above.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = above[i] / below[i];
    }
    return of(ratios);
  }
}
