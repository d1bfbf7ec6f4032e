package dev.gatehouse.engine.testing;

import dev.gatehouse.engine.pipeline.Call;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;
import java.util.concurrent.CompletableFuture;

/**
 * A call that is waited for, without a deadline.
 *
 * @param rows what it asks
 * @param answer completed at its end
 */
public record PendingCall(RowSource rows, CompletableFuture<Prediction> answer) implements Call {
  /** A call that has not been submitted. */
  public static PendingCall of(RowSource rows) {
    return new PendingCall(rows, new CompletableFuture<>());
  }

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
    answer.complete(prediction);
  }

  @Override
  public void failed(Throwable reason) {
    answer.completeExceptionally(reason);
  }

  @Override
  public void dropped() {
    answer.completeExceptionally(new AssertionError("dropped"));
  }
}
