package dev.gatehouse.trainer.report;

import java.util.Arrays;

/**
 * Between which values an axis is worth its room. A value beyond lies so far from the others that
 * an axis with it would show these as one.
 *
 * @param low no value below is on the axis
 * @param high no value above is
 */
record Fence(double low, double high) {
  /** In lengths of the middle half: Tukey's outer fences. */
  private static final double FAR = 3;

  /** More than one value in so many are no exceptions. */
  private static final int EXCEPTION = 8;

  /** About values; open where these have no middle half, or too many would be left out. */
  static Fence of(double[] values) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    Fence open = new Fence(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    if (sorted.length == 0) {
      return open;
    }
    double first = quantile(sorted, 0.25);
    double third = quantile(sorted, 0.75);
    Fence fence = new Fence(first - FAR * (third - first), third + FAR * (third - first));
    long beyond = Arrays.stream(sorted).filter(v -> !fence.has(v)).count();
    return third == first || beyond * EXCEPTION > sorted.length ? open : fence;
  }

  /** True when a value is not far from the others. */
  boolean has(double value) {
    return value >= low && value <= high;
  }

  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
