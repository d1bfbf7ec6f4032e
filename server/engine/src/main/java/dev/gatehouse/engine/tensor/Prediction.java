package dev.gatehouse.engine.tensor;

import java.util.Arrays;

/**
 * A model's answer to a batch. The arrays are row-major and belong to the receiver.
 *
 * @param rows rows of the batch
 * @param classes number of classes
 * @param probabilities {@code [rows, classes]}
 * @param classIndices {@code [rows]} the most probable class, the lower index among equals
 * @param routing what the gate said and which experts answered
 */
public record Prediction(
    int rows, int classes, float[] probabilities, int[] classIndices, Routing routing) {
  /** Checks that the sizes fit together. */
  public Prediction {
    if (probabilities.length != rows * classes
        || classIndices.length != rows
        || routing.rows() != rows) {
      throw new IllegalArgumentException("sizes do not fit: rows=" + rows + ", classes=" + classes);
    }
  }

  /** The answer to {@code count} rows from {@code from} on; a copy. */
  public Prediction part(int from, int count) {
    return new Prediction(
        count,
        classes,
        Arrays.copyOfRange(probabilities, from * classes, (from + count) * classes),
        Arrays.copyOfRange(classIndices, from, from + count),
        routing.part(from, count));
  }

  /** An answer whose class is the largest probability of each row. */
  public static Prediction of(int rows, int classes, float[] probabilities, Routing routing) {
    int[] classIndices = new int[rows];
    for (int row = 0; row < rows; row++) {
      int start = row * classes;
      int best = 0;
      for (int c = 1; c < classes; c++) {
        if (probabilities[start + c] > probabilities[start + best]) {
          best = c;
        }
      }
      classIndices[row] = best;
    }
    return new Prediction(rows, classes, probabilities, classIndices, routing);
  }
}
