package dev.gatehouse.engine.tensor;

import java.util.Arrays;
import java.util.List;

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

  /**
   * The answer to the rows of all, in the order of {@code parts}.
   *
   * @param parts one or more, of the same model
   */
  public static Prediction joined(List<Prediction> parts) {
    int classes = parts.get(0).classes();
    Routing routing = Routing.joined(parts.stream().map(Prediction::routing).toList());
    float[] probabilities = new float[routing.rows() * classes];
    int[] classIndices = new int[routing.rows()];
    int row = 0;
    for (Prediction part : parts) {
      System.arraycopy(
          part.probabilities, 0, probabilities, row * classes, part.probabilities.length);
      System.arraycopy(part.classIndices, 0, classIndices, row, part.rows);
      row += part.rows;
    }
    return new Prediction(row, classes, probabilities, classIndices, routing);
  }

  /** An answer whose class is the largest probability of each row. */
  public static Prediction of(int rows, int classes, float[] probabilities, Routing routing) {
    int[] classIndices = new int[rows];
    for (int row = 0; row < rows; row++) {
      int start = row * classes;
      int best = 0;
      float most = probabilities[start];
      for (int c = 1; c < classes; c++) {
        float probability = probabilities[start + c];
        if (probability > most) {
          most = probability;
          best = c;
        }
      }
      classIndices[row] = best;
    }
    return new Prediction(rows, classes, probabilities, classIndices, routing);
  }
}
