package dev.gatehouse.exporter.parity;

import dev.gatehouse.proto.bundle.Parity;
import org.jspecify.annotations.Nullable;

/**
 * How far both forms of a bundle are from the trained model.
 *
 * @param portable the portable graph, as any ONNX Runtime runs it; null where there is none
 * @param split the engine that serves: gate and expert graphs, or for a dense bundle the portable
 *     graph in its one session; under a certified rule the same graphs with every expert run
 */
public record ParityReport(@Nullable Parity portable, Parity split) {
  /** The largest difference of all; NaN when one is NaN. */
  public double maxAbsDiff() {
    return portable == null
        ? split.maxAbsDiff()
        : Math.max(portable.maxAbsDiff(), split.maxAbsDiff());
  }
}
