package dev.gatehouse.bench.scale;

import dev.gatehouse.engine.pipeline.Call;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;

/** A row for the engine's own batching. */
record EngineCall(RowSource rows, Answering.Ended ended) implements Call {
  @Override
  public boolean isWaiting() {
    return true;
  }

  @Override
  public long deadline() {
    return System.nanoTime() + Long.MAX_VALUE / 2;
  }

  @Override
  public void answered(Prediction prediction) {
    ended.answered(prediction.probabilities());
  }

  @Override
  public void failed(Throwable reason) {
    ended.failed(reason);
  }

  @Override
  public void dropped() {
    ended.failed(new IllegalStateException("a call that waits was dropped"));
  }
}
