package dev.gatehouse.exporter.imports;

/** What the values of an output are. */
public enum Kind {
  /** Any numbers, or logarithms of probabilities; their softmax is what is served. */
  LOGITS,
  /** From 0 to 1, and 1 in sum. */
  PROBABILITIES
}
