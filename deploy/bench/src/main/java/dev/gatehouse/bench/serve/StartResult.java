package dev.gatehouse.bench.serve;

import dev.gatehouse.bench.measure.Median;
import java.util.Arrays;
import java.util.List;

/**
 * How long servers take from the start of their process to their first answer; medians over the
 * rounds, in milliseconds.
 *
 * @param firstAnswerMs of {@code ./gatehouse serve}, the launcher included
 * @param leastMs of its starts
 * @param mostMs of its starts
 * @param noopMs of a gRPC service that does nothing, in a JVM with the same options and archive of
 *     classes
 * @param ratioToNoop the median of the rounds' ratios
 */
public record StartResult(
    double firstAnswerMs, double leastMs, double mostMs, double noopMs, double ratioToNoop) {

  static StartResult of(List<Double> own, List<Double> noop) {
    double[] ours = array(own);
    double[] bare = array(noop);
    return new StartResult(
        Median.of(ours),
        Arrays.stream(ours).min().orElseThrow(),
        Arrays.stream(ours).max().orElseThrow(),
        Median.of(bare),
        Median.ofRatios(ours, bare));
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
