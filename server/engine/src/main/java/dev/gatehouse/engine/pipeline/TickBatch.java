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

  /** Adds a call, which ends in this turn of the loop or in the next. */
  void add(Call call) {
    waiting.add(call);
    if (waiting.size() == 1) {
      loop.execute(this::answerAll);
    }
  }

  private void answerAll() {
    List<Call> calls = waiting;
    waiting = new ArrayList<>();
    model.answerTogether(calls);
  }
}
