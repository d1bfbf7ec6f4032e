package dev.gatehouse.engine.dispatch;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.function.IntPredicate;

/**
 * Rows that wait for their expert, a queue an expert. The longest queue is served first, since a
 * batch of many rows costs little more than one of a few; a row that is due goes before that, so
 * that one for a seldom chosen expert does not wait for ever. Not thread-safe.
 *
 * @param <R> what waits
 */
public final class ExpertQueues<R> {
  /** There is nothing to do. */
  public static final int NONE = -1;

  private record Waiting<R>(R row, long due) {}

  private final Queue<Waiting<R>>[] queues;
  private final long[] earliest;
  private int size;

  /**
   * Empty queues.
   *
   * @param experts number of experts, M
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public ExpertQueues(int experts) {
    queues = new Queue[experts];
    earliest = new long[experts];
    for (int e = 0; e < experts; e++) {
      queues[e] = new ArrayDeque<>();
    }
  }

  /**
   * A row waits for expert {@code e} from now on.
   *
   * @param due when it goes before longer queues, in the time of {@link System#nanoTime()}
   */
  public void add(int e, R row, long due) {
    if (queues[e].isEmpty() || due - earliest[e] < 0) {
      earliest[e] = due;
    }
    queues[e].add(new Waiting<>(row, due));
    size++;
  }

  /**
   * The expert to run next: the one with the row that has been due longest, else the one with the
   * longest queue, the earlier due among equals; {@link #NONE} where none can run.
   *
   * @param now the time of {@link System#nanoTime()}
   * @param ready which experts can run; asked only of those with rows
   */
  public int next(long now, IntPredicate ready) {
    int due = NONE;
    int longest = NONE;
    for (int e = 0; e < queues.length; e++) {
      int length = queues[e].size();
      if (length == 0 || !ready.test(e)) {
        continue;
      }
      if (earliest[e] - now <= 0 && (due == NONE || earliest[e] - earliest[due] < 0)) {
        due = e;
      }
      if (longest == NONE
          || length > queues[longest].size()
          || (length == queues[longest].size() && earliest[e] - earliest[longest] < 0)) {
        longest = e;
      }
    }
    return due == NONE ? longest : due;
  }

  /**
   * Whether rows that wait for something else, such as the gate, go before those of expert {@code
   * e} by the same rule; where neither are due and they are as many, they do.
   *
   * @param rows how many
   * @param due when the first of them is due
   * @param now the time of {@link System#nanoTime()}
   */
  public boolean goesBefore(int e, int rows, long due, long now) {
    if (earliest[e] - now <= 0 || due - now <= 0) {
      return due - earliest[e] < 0;
    }
    return rows >= queues[e].size();
  }

  /** Moves rows of expert {@code e} to {@code taken}, the oldest first, at most {@code most}. */
  public void take(int e, int most, Collection<? super R> taken) {
    Queue<Waiting<R>> queue = queues[e];
    for (int i = 0; i < most && !queue.isEmpty(); i++) {
      taken.add(queue.remove().row());
      size--;
    }
    boolean first = true;
    for (Waiting<R> waiting : queue) {
      if (first || waiting.due() - earliest[e] < 0) {
        earliest[e] = waiting.due();
        first = false;
      }
    }
  }

  /** Rows that wait for expert {@code e}. */
  public int size(int e) {
    return queues[e].size();
  }

  /** Rows that wait for any expert. */
  public int size() {
    return size;
  }
}
