package dev.gatehouse.engine.pipeline;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A routed call whose rows wait for their experts.
 *
 * @param call the call
 * @param routed its rows
 * @param due when they go before others, in the time of {@link System#nanoTime()}
 * @param left pieces that still wait for an expert
 * @param ended true once the call has been told of its end
 */
record Ticket(Call call, RoutedRows routed, long due, AtomicInteger left, AtomicBoolean ended) {
  static Ticket of(Call call, RoutedRows routed, long due) {
    return new Ticket(call, routed, due, new AtomicInteger(routed.pieces()), new AtomicBoolean());
  }
}
