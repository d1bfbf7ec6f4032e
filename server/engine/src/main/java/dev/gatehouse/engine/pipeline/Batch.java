package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls whose rows are computed together. Each is checked on its own, so that a bad row fails its
 * own call and no other.
 */
final class Batch {
  private final List<Call> calls = new ArrayList<>();
  private int rows;

  /**
   * Writes the rows of a call behind those that are there; where it no longer waits or its rows are
   * not as they should be or cannot be read, it ends here.
   */
  void add(Call call, Lane lane, InputCheck check) {
    if (!call.isWaiting()) {
      call.dropped();
      return;
    }
    RowSource source = call.rows();
    try {
      int at = rows * lane.in().rowLength();
      source.write(0, source.count(), lane.in().values(), at);
      check.checkValues(source, lane.in(), rows);
    } catch (RuntimeException | Error e) {
      call.failed(e);
      return;
    }
    calls.add(call);
    rows += source.count();
  }

  /** Rows of all calls that were taken. */
  int rows() {
    return rows;
  }

  /** The calls that were taken. */
  List<Call> calls() {
    return calls;
  }

  /** Hands each call its part of {@code all}. */
  void answer(Prediction all) {
    int from = 0;
    for (Call call : calls) {
      int count = call.rows().count();
      answer(call, all, from, count);
      from += count;
    }
  }

  private void answer(Call call, Prediction all, int from, int count) {
    Prediction part;
    try {
      part = count == rows ? all : all.part(from, count);
    } catch (RuntimeException | Error e) {
      call.failed(e);
      return;
    }
    call.answered(part);
  }
}
