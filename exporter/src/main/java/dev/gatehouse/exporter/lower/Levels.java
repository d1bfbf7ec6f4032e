package dev.gatehouse.exporter.lower;

/**
 * 256 numbers that values are rounded to: x = scale (q - zero), q from 0 to 255. 0 is one of them,
 * so that what is padded, or was below 0 before a ReLU, is exact.
 *
 * @param scale the step, larger than 0
 * @param zero the q of 0
 */
record Levels(float scale, int zero) {
  /** The largest q. */
  static final int LARGEST = 255;

  /** Levels from the least value to the largest, both at most half a step away. */
  static Levels of(ActivationRanges.Range range) {
    double least = Math.min(0, range.least());
    double largest = Math.max(0, range.largest());
    double step = (largest - least) / LARGEST;
    // Nothing but zeros was seen, or values of which no step can be told.
    float scale = step < Float.MIN_NORMAL ? 1 : (float) step;
    return new Levels(scale, (int) Math.rint(-least / scale));
  }
}
