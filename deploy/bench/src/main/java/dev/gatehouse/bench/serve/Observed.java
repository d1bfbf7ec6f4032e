package dev.gatehouse.bench.serve;

import dev.gatehouse.bench.measure.Median;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one run, or the median of several, saw.
 *
 * @param rps requests answered a second
 * @param cpuUs processor time of the server's process a request, microseconds
 * @param bytes heap that the server's threads took a request; 0 where it does not tell
 * @param p50Us half of the answers took no longer, microseconds
 * @param p99Us 99 of 100 took no longer
 * @param p999Us 999 of 1,000 took no longer
 */
public record Observed(
    double rps, double cpuUs, double bytes, double p50Us, double p99Us, double p999Us) {
  /** The median of each number. */
  static Observed median(List<Observed> runs) {
    return new Observed(
        of(runs, Observed::rps),
        of(runs, Observed::cpuUs),
        of(runs, Observed::bytes),
        of(runs, Observed::p50Us),
        of(runs, Observed::p99Us),
        of(runs, Observed::p999Us));
  }

  /** The median of {@code number(above[i]) / number(below[i])}, run i of both in one round. */
  static double ratio(
      List<Observed> above, List<Observed> below, ToDoubleFunction<Observed> number) {
    return Median.ofRatios(values(above, number), values(below, number));
  }

  private static double of(List<Observed> runs, ToDoubleFunction<Observed> number) {
    return Median.of(values(runs, number));
  }

  private static double[] values(List<Observed> runs, ToDoubleFunction<Observed> number) {
    return runs.stream().mapToDouble(number).toArray();
  }
}
