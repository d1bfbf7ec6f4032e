package dev.gatehouse.trainer.evaluation;

import java.util.Arrays;
import java.util.List;

/** Counts of values in [0, 1] by bins of equal width; an upper end belongs to the next bin. */
final class Histogram {
  private final long[] counts;

  Histogram(int bins) {
    counts = new long[bins];
  }

  void add(double value) {
    counts[bin(value, counts.length)]++;
  }

  List<Long> counts() {
    return Arrays.stream(counts).boxed().toList();
  }

  /** The bin of {@code value}, 1 and rounding beyond the ends in the outer ones. */
  static int bin(double value, int bins) {
    return (int) Math.max(0, Math.min(bins - 1, Math.floor(value * bins)));
  }
}
