package dev.gatehouse.engine.combine;

/** y = sum over a row's chosen experts of weight times answer, by falling weight. */
public final class Combine {
  private Combine() {}

  /**
   * Weighs the answers of each row. With one expert a row the weight is 1 and the answers are the
   * result as they are.
   *
   * @param rows rows of the batch
   * @param k experts a row
   * @param weights {@code [rows, k]}
   * @param answers {@code [rows, k, classes]}; becomes the result for k = 1
   * @param classes number of classes
   * @return {@code [rows, classes]}
   */
  public static float[] combine(int rows, int k, float[] weights, float[] answers, int classes) {
    if (k == 1) {
      return answers;
    }
    float[] sum = new float[rows * classes];
    for (int pair = 0; pair < rows * k; pair++) {
      addWeighted(sum, pair / k * classes, answers, pair * classes, classes, weights[pair]);
    }
    return sum;
  }

  /** A loop that the JIT compiler turns into vector instructions. */
  private static void addWeighted(
      float[] sum, int to, float[] answers, int from, int classes, float weight) {
    for (int c = 0; c < classes; c++) {
      sum[to + c] += weight * answers[from + c];
    }
  }
}
