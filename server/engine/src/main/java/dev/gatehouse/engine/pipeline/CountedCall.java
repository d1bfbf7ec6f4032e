package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.schedule.Guarded;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;

/**
 * A call that ends a use of its model together with itself.
 *
 * @param call the caller's
 * @param uses of the model; one was begun for this call
 */
record CountedCall(Call call, Uses uses) implements Call {
  @Override
  public RowSource rows() {
    return call.rows();
  }

  @Override
  public boolean isWaiting() {
    return call.isWaiting();
  }

  @Override
  public long deadline() {
    return call.deadline();
  }

  @Override
  public void answered(Prediction prediction) {
    end(() -> call.answered(prediction));
  }

  @Override
  public void failed(Throwable reason) {
    end(() -> call.failed(reason));
  }

  @Override
  public void dropped() {
    end(call::dropped);
  }

  /**
   * Tells the caller, then ends the use: a model that has closed owes nobody an answer. What a
   * caller throws is its own affair: calls that were computed together still end.
   */
  private void end(Runnable tell) {
    try {
      Guarded.run(tell);
    } finally {
      uses.end();
    }
  }
}
