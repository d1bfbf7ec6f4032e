package dev.gatehouse.engine.testing;

import dev.gatehouse.engine.pipeline.Call;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * A call without a deadline.
 *
 * @param rows what it asks
 * @param answer completed at its end
 * @param waiting whether anybody waits for it
 */
public record PendingCall(
    RowSource rows, CompletableFuture<Prediction> answer, BooleanSupplier waiting) implements Call {
  /** A call that has not been submitted, and is waited for. */
  public static PendingCall of(RowSource rows) {
    return new PendingCall(rows, new CompletableFuture<>(), () -> true);
  }

  /** The same call, whose caller may go. */
  public PendingCall waitedFor(BooleanSupplier whileTrue) {
    return new PendingCall(rows, answer, whileTrue);
  }

  @Override
  public boolean isWaiting() {
    return waiting.getAsBoolean();
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
