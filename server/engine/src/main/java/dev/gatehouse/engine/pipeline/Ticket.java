package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.tensor.Routing;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A routed call whose rows wait for their experts.
 *
 * @param call the call
 * @param routing which experts answer its rows
 * @param answers {@code [rows, k, classes]}, filled by the experts in any order
 * @param left pairs of row and expert that are still to be answered
 * @param ended true once the call has been told of its end
 */
record Ticket(
    Call call, Routing routing, float[] answers, AtomicInteger left, AtomicBoolean ended) {
  static Ticket of(Call call, Routing routing, int classes) {
    int pairs = routing.rows() * routing.k();
    return new Ticket(
        call, routing, new float[pairs * classes], new AtomicInteger(pairs), new AtomicBoolean());
  }
}
