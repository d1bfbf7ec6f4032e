package dev.gatehouse.exporter.onnx;

import java.util.Set;

/** Sets of operators. */
final class Operators {
  private Operators() {}

  /** The operators that a text names, parted by space. */
  static Set<String> named(String names) {
    return Set.of(names.strip().split("\\s+"));
  }
}
