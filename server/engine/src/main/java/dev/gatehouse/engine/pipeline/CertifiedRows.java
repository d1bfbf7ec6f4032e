package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.dispatch.DispatchPlan;
import dev.gatehouse.engine.experts.Experts;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.proto.routing.CertifiedRow;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Rows under a certified rule. Each is one piece: what an expert answers tells whether the row
 * needs another.
 */
final class CertifiedRows implements RoutedRows {
  private final float[] gate;
  private final int experts;
  private final int classes;
  private final CertifiedRow[] states;

  /**
   * Rows of which no expert ran.
   *
   * @param gate {@code [rows, experts]} gate probabilities; becomes part of the answer
   */
  CertifiedRows(int rows, int experts, int classes, float[] gate) {
    this.gate = gate;
    this.experts = experts;
    this.classes = classes;
    this.states = new CertifiedRow[rows];
    for (int row = 0; row < rows; row++) {
      states[row] = new CertifiedRow(gate, row * experts, experts, classes);
    }
  }

  @Override
  public int rows() {
    return states.length;
  }

  @Override
  public int pieces() {
    return states.length;
  }

  @Override
  public int row(int piece) {
    return piece;
  }

  @Override
  public int first(int piece) {
    return states[piece].next();
  }

  @Override
  public int answered(int piece, FloatBuffer values, int at) {
    CertifiedRow row = states[piece];
    row.add(values, at);
    return row.next();
  }

  /** Round by round: the rows that still wait, batched by the expert that each needs next. */
  @Override
  public void answerBy(Experts experts, Lane lane) {
    int[] next = new int[states.length];
    Arrays.setAll(next, this::first);
    DispatchPlan plan = DispatchPlan.of(this.experts, 1, next);
    while (plan.pairs() > 0) {
      experts.answer(
          plan,
          lane.in(),
          lane.gathered(),
          lane.answers(),
          (row, values, at) -> next[row] = answered(row, values, at));
      plan = DispatchPlan.of(this.experts, 1, next);
    }
  }

  @Override
  public Prediction prediction() {
    int rows = states.length;
    int k = 1;
    for (CertifiedRow row : states) {
      k = Math.max(k, row.count());
    }
    int[] indices = new int[rows * k];
    float[] weights = new float[rows * k];
    float[] probabilities = new float[rows * classes];
    Arrays.fill(indices, Routing.NO_EXPERT);
    for (int row = 0; row < rows; row++) {
      CertifiedRow state = states[row];
      for (int i = 0; i < state.count(); i++) {
        indices[row * k + i] = state.expert(i);
        weights[row * k + i] = state.weight(i);
      }
      state.write(probabilities, row * classes);
    }
    return Prediction.of(
        rows, classes, probabilities, new Routing(rows, experts, k, gate, indices, weights));
  }
}
