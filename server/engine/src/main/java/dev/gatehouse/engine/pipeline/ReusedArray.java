package dev.gatehouse.engine.pipeline;

/**
 * An array that is used again, and grows to the longest that was needed. What it held before stays
 * in it. Not thread-safe.
 */
final class ReusedArray {
  private float[] values = new float[0];

  /** The array, of {@code length} or more. */
  float[] ofAtLeast(int length) {
    if (values.length < length) {
      values = new float[length];
    }
    return values;
  }

  int length() {
    return values.length;
  }
}
