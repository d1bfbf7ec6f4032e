package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.tensor.Prediction;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A routed call whose rows wait for their experts. Whatever comes in between, the call ends when no
 * piece of it is left: another worker may be reading its rows, whose memory goes with the call.
 */
final class Ticket {
  private final Call call;
  private final RoutedRows routed;
  private final long due;
  private final AtomicInteger left;
  private final AtomicReference<@Nullable Consumer<Call>> otherEnd = new AtomicReference<>();

  /**
   * A call that begins to wait.
   *
   * @param routed its rows
   * @param due when they go before others, in the time of {@link System#nanoTime()}
   */
  Ticket(Call call, RoutedRows routed, long due) {
    this.call = call;
    this.routed = routed;
    this.due = due;
    this.left = new AtomicInteger(routed.pieces());
  }

  Call call() {
    return call;
  }

  RoutedRows routed() {
    return routed;
  }

  long due() {
    return due;
  }

  /** There will be no answer: the call ends by {@code how}, unless it has given up before. */
  void giveUp(Consumer<Call> how) {
    otherEnd.compareAndSet(null, how);
  }

  boolean hasGivenUp() {
    return otherEnd.get() != null;
  }

  /** A piece needs no expert any more; true for the last one, upon which the call is to end. */
  boolean pieceDone() {
    return left.decrementAndGet() == 0;
  }

  /** Ends the call. */
  void end(BiConsumer<Call, Prediction> answered) {
    Consumer<Call> how = otherEnd.get();
    if (how != null) {
      how.accept(call);
      return;
    }
    Prediction prediction;
    try {
      prediction = routed.prediction();
    } catch (RuntimeException | Error e) {
      call.failed(e);
      return;
    }
    answered.accept(call, prediction);
  }
}
