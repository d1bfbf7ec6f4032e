package dev.gatehouse.bench.cli;

/** In what integers a model is measured as well. */
enum Quantized {
  /** 8-bit weights, and 8-bit numbers between the larger layers. */
  W8A8;

  static final String OPTION =
      "w8a8: measure models that have large layers in 8-bit integers as well, beside the others.";
}
