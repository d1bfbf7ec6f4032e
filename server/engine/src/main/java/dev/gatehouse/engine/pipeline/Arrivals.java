package dev.gatehouse.engine.pipeline;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Calls in the order in which they came, and how many rows wait in all. One of more rows than a run
 * takes goes part by part, and waits anew for each part's turn. Not thread-safe.
 */
final class Arrivals {
  private final BatchLimits limits;
  private final Queue<Arrival> queue = new ArrayDeque<>();
  private int waitingRows;
  private int queuedRows;

  /**
   * A call that waits, or what is left of it.
   *
   * @param due when its rows go before others, in the time of {@link System#nanoTime()}
   * @param from its first row that waits
   * @param parted takes its parts together, once a part of it was taken
   */
  record Arrival(Call call, long due, int from, @Nullable PartedCall parted) {
    static Arrival now(Call call, Duration maxWait) {
      return new Arrival(call, due(call, maxWait), 0, null);
    }

    private static long due(Call call, Duration maxWait) {
      long patience = System.nanoTime() + maxWait.toNanos();
      long deadline = call.deadline();
      return deadline - patience < 0 ? deadline : patience;
    }

    /** What waits once so many rows more have been taken: as if it had come now. */
    private Arrival rest(PartedCall of, int taken, Duration maxWait) {
      return new Arrival(call, due(call, maxWait), from + taken, of);
    }

    int rows() {
      return call.rows().count() - from;
    }

    /** Its next rows as a call of their own. */
    private Arrival part(PartedCall of, int rows) {
      return new Arrival(of.part(from, rows), due, 0, null);
    }
  }

  Arrivals(BatchLimits limits) {
    this.limits = limits;
  }

  /**
   * Adds a call; false where its rows are too many. One larger than all goes through where none
   * waits.
   */
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
   * @param most rows of all calls
   */
  List<Arrival> take(int most) {
    List<Arrival> taken = new ArrayList<>();
    int rows = 0;
    while (!queue.isEmpty() && (rows == 0 || rows + queue.element().rows() <= most)) {
      Arrival arrival = next(queue.remove(), most);
      taken.add(arrival);
      rows += arrival.rows();
    }
    queuedRows -= rows;
    return taken;
  }

  /** The call itself where it has at most so many rows, else a part of it; the rest waits. */
  private Arrival next(Arrival arrival, int most) {
    PartedCall parted = arrival.parted();
    if (arrival.rows() <= most) {
      return parted == null ? arrival : arrival.part(parted, arrival.rows());
    }
    PartedCall of = parted == null ? new PartedCall(arrival.call()) : parted;
    queue.add(arrival.rest(of, most, limits.maxWait()));
    return arrival.part(of, most);
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
