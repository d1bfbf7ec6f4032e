package dev.gatehouse.exporter.lower;

/**
 * IEEE 754 binary16 numbers as their bits: a sign, 5 bits of exponent with bias 15, 10 of fraction.
 * Java has them from version 20 on alone.
 */
final class Half {
  /** Numbers from here on are nearer to infinity than to the largest one, 65504. */
  static final double TOO_LARGE = 65520;

  private static final int FRACTION_BITS = 10;
  private static final int BIAS = 15;
  private static final int INFINITY = 0x7c00;
  private static final int NAN = 0x7e00;
  private static final double LEAST_NORMAL = 0x1p-14;
  private static final double LEAST = 0x1p-24;

  private Half() {}

  /** The number nearest to {@code value}; of two as near the even one. */
  static short of(double value) {
    int sign = Math.copySign(1, value) < 0 ? 0x8000 : 0;
    return (short) (sign | magnitude(Math.abs(value)));
  }

  /** A fraction that is rounded up to the next power of two carries into the exponent. */
  private static int magnitude(double value) {
    if (Double.isNaN(value)) {
      return NAN;
    }
    if (value >= TOO_LARGE) {
      return INFINITY;
    }
    if (value < LEAST_NORMAL) {
      return (int) Math.rint(value / LEAST);
    }
    int exponent = Math.getExponent(value);
    int fraction = (int) Math.rint(Math.scalb(value, FRACTION_BITS - exponent));
    return ((exponent + BIAS - 1) << FRACTION_BITS) + fraction;
  }

  /** The value of a number, exactly. */
  static float value(short bits) {
    int exponent = (bits & INFINITY) >> FRACTION_BITS;
    int fraction = bits & ((1 << FRACTION_BITS) - 1);
    double magnitude;
    if (exponent == INFINITY >> FRACTION_BITS) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else if (exponent == 0) {
      magnitude = fraction * LEAST;
    } else {
      magnitude = Math.scalb(1.0 + Math.scalb((double) fraction, -FRACTION_BITS), exponent - BIAS);
    }
    return (float) (bits < 0 ? -magnitude : magnitude);
  }
}
