package dev.gatehouse.engine.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** Calls for one model that arrived in one turn of an event loop. Used by its thread alone. */
final class TickBatch {
  private final MoeModel model;
  private final Executor loop;
  private List<Call> waiting = new ArrayList<>();

  TickBatch(MoeModel model, Executor loop) {
    this.model = model;
    this.loop = loop;
  }

  /** Adds a call, which the model hears of when this turn of the loop ends, or the next. */
  void add(Call call) {
    waiting.add(call);
    if (waiting.size() == 1) {
      loop.execute(this::end);
    }
  }

  /** The calls of this turn so far; they are the caller's from now on. */
  List<Call> take() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Call> calls = waiting;
    waiting = new ArrayList<>();
    return calls;
  }

  private void end() {
    List<Call> calls = take();
    if (!calls.isEmpty()) {
      model.turnEnded(calls);
    }
  }
}
