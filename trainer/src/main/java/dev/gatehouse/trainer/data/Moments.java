package dev.gatehouse.trainer.data;

import java.nio.ByteBuffer;

/**
 * Mean and standard deviation of pixels divided by 255, rounded to four decimals as data sets'
 * normalisations are commonly given.
 *
 * @param mean of all pixels
 * @param std of all pixels, without Bessel's correction
 */
record Moments(double mean, double std) {
  /** Of unsigned bytes; exact up to 2^47 of them. */
  static Moments of(ByteBuffer bytes) {
    long count = bytes.remaining();
    long sum = 0;
    long squares = 0;
    while (bytes.hasRemaining()) {
      int value = bytes.get() & 0xff;
      sum += value;
      squares += (long) value * value;
    }
    double mean = (double) sum / count;
    double variance = (double) squares / count - mean * mean;
    return new Moments(fourDecimals(mean / 255), fourDecimals(Math.sqrt(variance) / 255));
  }

  private static double fourDecimals(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
