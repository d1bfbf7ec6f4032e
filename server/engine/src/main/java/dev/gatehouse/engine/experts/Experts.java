package dev.gatehouse.engine.experts;

import dev.gatehouse.engine.dispatch.DispatchPlan;
import dev.gatehouse.engine.runtime.PinnedRows;
import dev.gatehouse.engine.runtime.Session;
import java.nio.FloatBuffer;
import java.util.List;

/** A session an expert. Thread-safe. */
public final class Experts implements AutoCloseable {
  private final List<Session> sessions;
  private final int classes;

  /**
   * Takes ownership of {@code sessions}.
   *
   * @param sessions an expert each: rows to {@code probabilities} [rows, classes]
   * @param classes number of classes
   */
  public Experts(List<Session> sessions, int classes) {
    this.sessions = List.copyOf(sessions);
    this.classes = classes;
  }

  /**
   * Has each expert answer its rows; an expert without rows does not run.
   *
   * @param in the batch
   * @param gathered memory for the rows of one expert
   * @param out memory for the answers of one expert
   * @return {@code [rows, k, classes]}
   */
  public float[] answer(DispatchPlan plan, PinnedRows in, PinnedRows gathered, PinnedRows out) {
    float[] answers = new float[plan.pairs() * classes];
    for (int e = 0; e < plan.experts(); e++) {
      int count = plan.count(e);
      if (count > 0) {
        FloatBuffer answered = run(e, rowsOf(plan, e, in, gathered), count, out);
        for (int i = 0; i < count; i++) {
          answered.get(i * classes, answers, plan.pairAt(plan.offset(e) + i) * classes, classes);
        }
      }
    }
    return answers;
  }

  /**
   * Has one expert answer the first {@code rows} rows of {@code in}.
   *
   * @param out memory for the answers
   * @return {@code [rows, classes]} from index 0
   */
  public FloatBuffer run(int e, PinnedRows in, int rows, PinnedRows out) {
    out.reserve(rows);
    sessions.get(e).run(in, rows, out);
    return out.values();
  }

  /** Number of experts, M. */
  public int size() {
    return sessions.size();
  }

  /** Runs of expert {@code e}'s session so far. */
  public long runs(int e) {
    return sessions.get(e).runs();
  }

  @Override
  public void close() {
    sessions.forEach(Session::close);
  }

  /** The batch itself where all of it is the expert's, else its rows beside one another. */
  private static PinnedRows rowsOf(DispatchPlan plan, int e, PinnedRows in, PinnedRows gathered) {
    int count = plan.count(e);
    if (count == plan.rows()) {
      return in;
    }
    int length = in.rowLength();
    gathered.reserve(count);
    for (int i = 0; i < count; i++) {
      gathered
          .values()
          .put(i * length, in.values(), plan.rowAt(plan.offset(e) + i) * length, length);
    }
    return gathered;
  }
}
