package dev.gatehouse.engine.runtime;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;

/**
 * How far ONNX Runtime rewrites a graph when it loads it. More is not always faster: the blocked
 * memory layout of {@link #ALL} pads channels, which costs small convolutions more than it gives.
 */
public enum Optimisation {
  /** Fusions, and no change of memory layout. */
  EXTENDED(OptLevel.EXTENDED_OPT),
  /** Fusions, and the layout that suits wide convolutions. */
  ALL(OptLevel.ALL_OPT);

  private final OptLevel level;

  Optimisation(OptLevel level) {
    this.level = level;
  }

  OptLevel level() {
    return level;
  }
}
