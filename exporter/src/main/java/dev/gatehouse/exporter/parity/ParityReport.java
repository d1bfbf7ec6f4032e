package dev.gatehouse.exporter.parity;

import dev.gatehouse.proto.bundle.Parity;

/**
 * How far both forms of a bundle are from the trained model.
 *
 * @param portable the portable graph, as any ONNX Runtime runs it
 * @param split the engine that serves: gate and expert graphs, or for a dense bundle the portable
 *     graph in its one session; under a certified rule the same graphs with every expert run
 */
public record ParityReport(Parity portable, Parity split) {
  /** The largest difference of all; NaN when one is NaN. */
  public double maxAbsDiff() {
    return Math.max(portable.maxAbsDiff(), split.maxAbsDiff());
  }
}
