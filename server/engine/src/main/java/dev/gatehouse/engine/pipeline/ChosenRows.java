package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.combine.Combine;
import dev.gatehouse.engine.dispatch.DispatchPlan;
import dev.gatehouse.engine.experts.Experts;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import java.nio.FloatBuffer;
import java.util.function.IntFunction;

/**
 * Rows under a top-k rule: the gate alone tells their experts, so every pair of row and expert is a
 * piece of its own.
 *
 * @param routing which experts answer
 * @param classes number of classes
 * @param answers {@code [rows, k, classes]}, filled by the experts in any order; may be longer
 */
record ChosenRows(Routing routing, int classes, float[] answers) implements RoutedRows {
  /**
   * Rows that no expert has answered.
   *
   * @param memory gives an array of so many elements or more, which is free again once {@link
   *     #prediction} was made
   */
  static ChosenRows of(Routing routing, int classes, IntFunction<float[]> memory) {
    int length = routing.expertIndices().length * classes;
    // With one expert a row the answers become the prediction's.
    float[] answers = routing.k() == 1 ? new float[length] : memory.apply(length);
    return new ChosenRows(routing, classes, answers);
  }

  @Override
  public int rows() {
    return routing.rows();
  }

  @Override
  public int pieces() {
    return routing.expertIndices().length;
  }

  @Override
  public int row(int piece) {
    return piece / routing.k();
  }

  @Override
  public int first(int piece) {
    return routing.expertIndices()[piece];
  }

  @Override
  public int answered(int piece, FloatBuffer values, int at) {
    values.get(at, answers, piece * classes, classes);
    return Routing.NO_EXPERT;
  }

  @Override
  public void answerBy(Experts experts, Lane lane) {
    experts.answer(
        DispatchPlan.of(routing), lane.in(), lane.gathered(), lane.answers(), this::answered);
  }

  @Override
  public Prediction prediction() {
    int rows = routing.rows();
    float[] probabilities =
        Combine.combine(rows, routing.k(), routing.expertWeights(), answers, classes);
    return Prediction.of(rows, classes, probabilities, routing);
  }
}
