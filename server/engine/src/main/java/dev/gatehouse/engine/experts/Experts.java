package dev.gatehouse.engine.experts;

import dev.gatehouse.engine.dispatch.DispatchPlan;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.runtime.Target;
import dev.gatehouse.engine.tensor.BufferPool;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.bundle.Manifest;
import java.nio.FloatBuffer;
import java.util.List;

/** A session an expert. Thread-safe. */
public final class Experts implements AutoCloseable {
  private final List<Session> sessions;
  private final int classes;
  private final BufferPool buffers;

  /**
   * Takes ownership of {@code sessions}.
   *
   * @param sessions an expert each: rows to {@code probabilities} [rows, classes]
   * @param classes number of classes
   * @param buffers lends the buffers of a run
   */
  public Experts(List<Session> sessions, int classes, BufferPool buffers) {
    this.sessions = List.copyOf(sessions);
    this.classes = classes;
    this.buffers = buffers;
  }

  /**
   * Has each expert answer its rows; an expert without rows does not run.
   *
   * @return {@code [pairs, classes]} in the order of the plan's positions, on loan to the caller
   */
  public BufferPool.Loan answer(DispatchPlan plan, Rows rows) {
    int length = rows.rowLength();
    BufferPool.Loan answers = buffers.lend(plan.pairs() * classes);
    try (BufferPool.Loan gathered = buffers.lend(plan.pairs() * length)) {
      gather(plan, rows.values(), length, gathered.values());
      for (int e = 0; e < plan.experts(); e++) {
        int count = plan.count(e);
        if (count > 0) {
          FloatBuffer in = gathered.values().slice(plan.offset(e) * length, count * length);
          FloatBuffer out = answers.values().slice(plan.offset(e) * classes, count * classes);
          sessions
              .get(e)
              .run(
                  in,
                  count,
                  List.of(new Target.Floats(Manifest.PROBABILITIES, out, count, classes)));
        }
      }
      return answers;
    } catch (RuntimeException | Error e) {
      answers.close();
      throw e;
    }
  }

  /** Runs of expert {@code e}'s session so far. */
  public long runs(int e) {
    return sessions.get(e).runs();
  }

  @Override
  public void close() {
    sessions.forEach(Session::close);
  }

  /** Copies each position's row, so that an expert's rows lie beside one another. */
  private static void gather(DispatchPlan plan, FloatBuffer rows, int length, FloatBuffer to) {
    int start = rows.position();
    for (int position = 0; position < plan.pairs(); position++) {
      to.put(position * length, rows, start + plan.rowAt(position) * length, length);
    }
  }
}
