package dev.gatehouse.trainer.experiment;

import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * A figure over seeds.
 *
 * @param count number of values
 * @param mean of them
 * @param deviation with Bessel's correction; null for one value
 * @param margin half of the mean's 95% interval by Student's t; null for one value
 */
public record Spread(int count, double mean, @Nullable Double deviation, @Nullable Double margin) {
  private static final double UPPER = 0.975;

  /** Of one value or more. */
  static Spread of(List<Double> values) {
    int n = values.size();
    double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
    if (n == 1) {
      return new Spread(n, mean, null, null);
    }
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    double deviation = Math.sqrt(squares / (n - 1));
    double t = TDistribution.of(n - 1.0).inverseCumulativeProbability(UPPER);
    return new Spread(n, mean, deviation, t * deviation / Math.sqrt((double) n));
  }
}
