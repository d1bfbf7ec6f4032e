package dev.gatehouse.engine.combine;

import dev.gatehouse.engine.dispatch.DispatchPlan;
import java.nio.FloatBuffer;

/** y = sum over a row's chosen experts of weight times answer, by falling weight. */
public final class Combine {
  private Combine() {}

  /**
   * Brings answers back to their rows. With one expert a row the weight is 1 and the answer is
   * copied as it is.
   *
   * @param plan where each row's answers are
   * @param weights {@code [rows, k]}
   * @param answers {@code [pairs, classes]} in the order of the plan's positions
   * @param classes number of classes
   * @return {@code [rows, classes]}
   */
  public static float[] combine(
      DispatchPlan plan, float[] weights, FloatBuffer answers, int classes) {
    float[] sum = new float[plan.rows() * classes];
    if (plan.k() == 1) {
      for (int row = 0; row < plan.rows(); row++) {
        answers.get(plan.positionOf(row, 0) * classes, sum, row * classes, classes);
      }
      return sum;
    }
    float[] answer = new float[classes];
    for (int row = 0; row < plan.rows(); row++) {
      for (int slot = 0; slot < plan.k(); slot++) {
        answers.get(plan.positionOf(row, slot) * classes, answer);
        addWeighted(sum, row * classes, answer, weights[row * plan.k() + slot]);
      }
    }
    return sum;
  }

  private static void addWeighted(float[] sum, int start, float[] answer, float weight) {
    for (int c = 0; c < answer.length; c++) {
      sum[start + c] += weight * answer[c];
    }
  }
}
