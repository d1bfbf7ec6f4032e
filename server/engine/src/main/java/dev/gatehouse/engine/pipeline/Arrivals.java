package dev.gatehouse.engine.pipeline;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Calls in the order in which they came, and how many rows wait in all. Not thread-safe. */
final class Arrivals {
  private final BatchLimits limits;
  private final Queue<Arrival> queue = new ArrayDeque<>();
  private int waitingRows;
  private int queuedRows;

  /**
   * A call that waits.
   *
   * @param due when its rows go before others, in the time of {@link System#nanoTime()}
   */
  record Arrival(Call call, long due) {
    static Arrival now(Call call, Duration maxWait) {
      long patience = System.nanoTime() + maxWait.toNanos();
      long deadline = call.deadline();
      return new Arrival(call, deadline - patience < 0 ? deadline : patience);
    }

    int rows() {
      return call.rows().count();
    }
  }

  Arrivals(BatchLimits limits) {
    this.limits = limits;
  }

  /** Adds a call; false where its rows are too many. One larger than all goes through alone. */
  boolean add(Arrival arrival) {
    if (waitingRows > 0 && waitingRows + arrival.rows() > limits.maxQueuedRows()) {
      return false;
    }
    waitingRows += arrival.rows();
    queuedRows += arrival.rows();
    queue.add(arrival);
    return true;
  }

  /**
   * The calls of the next batch, the oldest first; empty where none waits.
   *
   * @param most rows of all calls but a single larger one
   */
  List<Arrival> take(int most) {
    List<Arrival> taken = new ArrayList<>();
    int rows = 0;
    while (!queue.isEmpty() && (rows == 0 || rows + queue.element().rows() <= most)) {
      Arrival arrival = queue.remove();
      taken.add(arrival);
      rows += arrival.rows();
    }
    queuedRows -= rows;
    return taken;
  }

  /** Rows that have not been taken. */
  int queuedRows() {
    return queuedRows;
  }

  /** When the oldest call that has not been taken is due; there is one. */
  long due() {
    return queue.element().due();
  }

  /** Rows that have been added and have not left. */
  int waitingRows() {
    return waitingRows;
  }

  /** These rows wait no more: they are computed, or their call has ended. */
  void leave(int rows) {
    waitingRows -= rows;
  }
}
