package dev.gatehouse.bench.serve;

import java.util.Locale;

/** Who answers. */
public enum Side {
  /** A fixed answer from one event loop that also runs the calls: gRPC at its best. */
  NOOP,
  /** The same on gRPC's default executor. */
  NOOP_EXECUTOR,
  /** Gatehouse, which runs the chosen experts. */
  SPARSE,
  /** Gatehouse with a bundle of the same model that runs every expert. */
  DENSE,
  /** Gatehouse with the sparse model in 8-bit integers. */
  W8A8,
  /** DJL's ONNX Runtime engine with the dense graph. */
  JAVA_DENSE,
  /** DJL's ONNX Runtime engine with our sparse {@code model.onnx}. */
  JAVA_SPARSE,
  /** Node's onnxruntime-node with the dense graph. */
  NODE_DENSE,
  /** Node's onnxruntime-node with our sparse {@code model.onnx}. */
  NODE_SPARSE;

  boolean isPeer() {
    return compareTo(JAVA_DENSE) >= 0;
  }

  boolean isDense() {
    return this == DENSE || this == JAVA_DENSE || this == NODE_DENSE;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
