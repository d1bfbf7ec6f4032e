package dev.gatehouse.exporter.parity;

/** Rows of numbers that are to be probabilities. */
public final class ProbabilityRows {
  /** How far a sum may be from 1: probabilities come in 32 or even 16 bits. */
  private static final double TOLERANCE = 2e-3;

  private ProbabilityRows() {}

  /**
   * The first row that holds anything but finite numbers from 0 to 1 which add up to 1; -1 where
   * there is none.
   *
   * @param values {@code [rows, width]} row-major
   */
  public static int firstWithout(float[] values, int width) {
    for (int row = 0; row < values.length / width; row++) {
      double sum = 0;
      boolean within = true;
      for (int i = row * width; i < (row + 1) * width; i++) {
        sum += values[i];
        within &= values[i] >= -TOLERANCE && values[i] <= 1 + TOLERANCE;
      }
      if (!within || Math.abs(sum - 1) > TOLERANCE) {
        return row;
      }
    }
    return -1;
  }
}
