package dev.gatehouse.trainer.evaluation;

import dev.gatehouse.proto.run.SplitMeasurements.ReliabilityBin;
import java.util.List;
import java.util.stream.IntStream;

/** How often a model is right, by how sure it is. */
final class Reliability {
  private final long[] rows;
  private final long[] right;
  private final double[] confidence;

  Reliability(int bins) {
    rows = new long[bins];
    right = new long[bins];
    confidence = new double[bins];
  }

  /** Counts a row by the largest probability of its answer. */
  void add(double probability, boolean isRight) {
    int bin = Histogram.bin(probability, rows.length);
    rows[bin]++;
    right[bin] += isRight ? 1 : 0;
    confidence[bin] += probability;
  }

  List<ReliabilityBin> bins() {
    return IntStream.range(0, rows.length)
        .mapToObj(
            i ->
                rows[i] == 0
                    ? new ReliabilityBin(0, null, null)
                    : new ReliabilityBin(
                        rows[i], confidence[i] / rows[i], (double) right[i] / rows[i]))
        .toList();
  }

  /** Sum over bins of n/N |accuracy - confidence|. */
  double calibrationError() {
    double gap = 0;
    long all = 0;
    for (int i = 0; i < rows.length; i++) {
      gap += Math.abs(right[i] - confidence[i]);
      all += rows[i];
    }
    return gap / all;
  }
}
