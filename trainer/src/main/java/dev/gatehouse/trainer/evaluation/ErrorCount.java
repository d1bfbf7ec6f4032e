package dev.gatehouse.trainer.evaluation;

import dev.gatehouse.proto.run.SplitMeasurements.Errors;

/** Counts rows whose true class is not the first, or not among the first five. */
final class ErrorCount {
  private static final int FIVE = 5;

  private final int classes;
  private long rows;
  private long notFirst;
  private long notAmongFive;

  ErrorCount(int classes) {
    this.classes = classes;
  }

  /**
   * Counts a row.
   *
   * @param y [C] class probabilities
   * @return true when the row is right
   */
  boolean add(float[] y, int label) {
    int rank = rank(y, label);
    rows++;
    notFirst += rank > 0 ? 1 : 0;
    notAmongFive += rank >= FIVE ? 1 : 0;
    return rank == 0;
  }

  Errors errors() {
    return new Errors(
        (double) notFirst / rows, classes > FIVE ? (double) notAmongFive / rows : null);
  }

  /**
   * The number of classes before {@code label} by falling probability, the lower index first among
   * equals. What is no number stands before every number, so that it never counts as right.
   */
  static int rank(float[] y, int label) {
    int before = 0;
    for (int c = 0; c < y.length; c++) {
      boolean behind = c < label ? y[c] < y[label] : y[c] <= y[label];
      before += c == label || behind ? 0 : 1;
    }
    return before;
  }
}
