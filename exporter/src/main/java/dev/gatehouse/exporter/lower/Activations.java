package dev.gatehouse.exporter.lower;

/**
 * What the values are that flow into a model's larger layers, and so what these compute with. All
 * other layers take float32 in any case.
 */
sealed interface Activations {
  /** As they come: float32. */
  record Floats() implements Activations {}

  /** Float32, and the least and the largest of each row are outputs of the graph. */
  record Observed() implements Activations {}

  /**
   * Rounded to levels.
   *
   * @param ranges what the levels have to hold
   * @param arithmetic how the layers are written
   */
  record Rounded(ActivationRanges ranges, IntegerArithmetic arithmetic) implements Activations {
    Levels into(String layer) {
      return Levels.of(ranges.into(layer));
    }
  }
}
