package dev.gatehouse.engine.dispatch;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

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

  /** The rows of one expert, in their order, and which of them is due first. */
  private static final class Line<R> {
    private final ArrayDeque<Waiting<R>> rows = new ArrayDeque<>();

    /**
     * Those that would be due first if all before them had gone, the first of them due first of
     * all: a minimum over the line that moves along with it.
     */
    private final ArrayDeque<Waiting<R>> urgent = new ArrayDeque<>();

    void add(Waiting<R> last) {
      rows.addLast(last);
      while (!urgent.isEmpty() && last.due() - urgent.getLast().due() < 0) {
        urgent.removeLast();
      }
      urgent.addLast(last);
    }

    @SuppressWarnings("ReferenceEquality") // the very same one
    R remove() {
      Waiting<R> first = rows.removeFirst();
      if (urgent.getFirst() == first) {
        urgent.removeFirst();
      }
      return first.row();
    }

    long earliest() {
      return urgent.getFirst().due();
    }
  }

  private final Line<R>[] queues;

  // Of each expert, in arrays of their own: a choice among a thousand looks at little memory.
  private final int[] lengths;
  private final long[] earliest;

  /** The experts with rows, in no order; the first {@link #activeCount} count. */
  private final int[] active;

  /** Where in {@link #active} an expert stands. */
  private final int[] place;

  private int activeCount;
  private int size;

  /**
   * Empty queues.
   *
   * @param experts number of experts, M
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public ExpertQueues(int experts) {
    queues = new Line[experts];
    lengths = new int[experts];
    earliest = new long[experts];
    active = new int[experts];
    place = new int[experts];
    for (int e = 0; e < experts; e++) {
      queues[e] = new Line<>();
    }
  }

  /**
   * A row waits for expert {@code e} from now on.
   *
   * @param due when it goes before longer queues, in the time of {@link System#nanoTime()}
   */
  public void add(int e, R row, long due) {
    if (lengths[e] == 0) {
      place[e] = activeCount;
      active[activeCount++] = e;
    }
    queues[e].add(new Waiting<>(row, due));
    earliest[e] = queues[e].earliest();
    lengths[e]++;
    size++;
  }

  /**
   * The expert to run next: the one with the row that has been due longest, else the one with the
   * longest queue, the earlier due among equals; {@link #NONE} where none can run.
   *
   * @param now the time of {@link System#nanoTime()}
   * @param ready which experts can run; asked only of those that would be the answer
   */
  public int next(long now, IntPredicate ready) {
    int due = NONE;
    int longest = NONE;
    for (int i = 0; i < activeCount; i++) {
      int e = active[i];
      if (earliest[e] - now <= 0) {
        if ((due == NONE || earliest[e] - earliest[due] < 0) && ready.test(e)) {
          due = e;
        }
      } else if (due == NONE && isLonger(e, longest) && ready.test(e)) {
        longest = e;
      }
    }
    return due == NONE ? longest : due;
  }

  private boolean isLonger(int e, int than) {
    return than == NONE
        || lengths[e] > lengths[than]
        || (lengths[e] == lengths[than] && earliest[e] - earliest[than] < 0);
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
    return rows >= lengths[e];
  }

  /** Moves rows of expert {@code e} to {@code taken}, the oldest first, at most {@code most}. */
  public void take(int e, int most, Collection<? super R> taken) {
    int count = Math.min(most, lengths[e]);
    for (int i = 0; i < count; i++) {
      taken.add(queues[e].remove());
    }
    left(e, count);
  }

  /** Moves those rows of expert {@code e} to {@code removed} of which {@code which} is true. */
  public void removeIf(int e, Predicate<? super R> which, Collection<? super R> removed) {
    if (lengths[e] == 0) {
      return;
    }
    Line<R> kept = new Line<>();
    int count = 0;
    for (Waiting<R> waiting : queues[e].rows) {
      if (which.test(waiting.row())) {
        removed.add(waiting.row());
        count++;
      } else {
        kept.add(waiting);
      }
    }
    queues[e] = kept;
    left(e, count);
  }

  private void left(int e, int rows) {
    if (rows == 0) {
      return;
    }
    lengths[e] -= rows;
    size -= rows;
    if (lengths[e] > 0) {
      earliest[e] = queues[e].earliest();
      return;
    }
    int last = active[--activeCount];
    active[place[e]] = last;
    place[last] = place[e];
  }

  /** Rows that wait for expert {@code e}. */
  public int size(int e) {
    return lengths[e];
  }

  /** Rows that wait for any expert. */
  public int size() {
    return size;
  }
}
