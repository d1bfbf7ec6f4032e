package dev.gatehouse.engine.experts;

import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.schedule.Guarded;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which experts are in memory. Where all fit they stay; else the most used do, and a thread of its
 * own loads others when rows need them, in the place of those that were used least lately. An
 * expert that is in use stays. Thread-safe.
 */
final class Residency implements AutoCloseable {
  private static final long HALF_LIFE = TimeUnit.MINUTES.toNanos(1);

  private final ExpertMemory memory;
  private final IntFunction<Session> open;
  private final ResidencyListener listener;
  private final Runnable changed;
  private final IntPredicate isWaitedFor;
  private final Slot[] slots;
  private final boolean all;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private final DecayedCounts used;
  private final Eviction eviction;
  private final Deque<Integer> wanted = new ArrayDeque<>();
  private final @Nullable Thread loader;
  private long free;
  private boolean closed;

  /**
   * Loads the experts that are used most, as many as fit.
   *
   * @param open loads one
   * @param changed told, by the loader, when an expert was loaded or could not be
   * @param isWaitedFor asked, by the loader, whether rows still wait for an expert that was wanted
   */
  Residency(
      ExpertMemory memory,
      IntFunction<Session> open,
      ResidencyListener listener,
      Runnable changed,
      IntPredicate isWaitedFor) {
    this.memory = memory;
    this.open = open;
    this.listener = listener;
    this.changed = changed;
    this.isWaitedFor = isWaitedFor;
    this.slots = new Slot[memory.bytes().size()];
    this.all = memory.holdsAll();
    this.free = memory.limit();
    long now = System.nanoTime();
    this.used = new DecayedCounts(slots.length, HALF_LIFE, now);
    this.eviction = new Eviction(slots, used);
    for (int e = 0; e < slots.length; e++) {
      slots[e] = new Slot();
      used.add(e, memory.shares().get(e), now);
    }
    try {
      loadMostUsed();
    } catch (RuntimeException e) {
      closeSessions();
      throw e;
    }
    this.loader = all ? null : new Thread(this::load, "gatehouse-loader");
    if (loader != null) {
      loader.setDaemon(true);
      loader.start();
    }
  }

  private void loadMostUsed() {
    List<Integer> byShare =
        IntStream.range(0, slots.length)
            .boxed()
            .sorted(Comparator.comparing((Integer e) -> memory.shares().get(e)).reversed())
            .toList();
    for (int e : byShare) {
      if (memory.bytes().get(e) <= free) {
        free -= memory.bytes().get(e);
        slots[e].session = opened(e);
      }
    }
  }

  private Session opened(int e) {
    long start = System.nanoTime();
    Session session = open.apply(e);
    long nanos = System.nanoTime() - start;
    Guarded.run(() -> listener.loaded(e, nanos));
    return session;
  }

  /** True when all experts are in memory for good. */
  boolean holdsAll() {
    return all;
  }

  /** Experts that are in memory. */
  int[] resident() {
    return IntStream.range(0, slots.length).filter(e -> slots[e].session != null).toArray();
  }

  int experts() {
    return slots.length;
  }

  /**
   * True when expert {@code e} is in memory or cannot be loaded; else it is loaded from now on, and
   * {@code changed} is told.
   */
  boolean isReady(int e) {
    Slot slot = slots[e];
    if (slot.session != null || slot.failure != null) {
      return true;
    }
    lock.lock();
    try {
      return isReadyNow(e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Keeps expert {@code e} in memory until {@link #release}, so that {@link #use} does not wait for
   * it; false, and nothing to release, where {@link #isReady} is false.
   */
  boolean keep(int e) {
    if (all) {
      return true;
    }
    lock.lock();
    try {
      boolean ready = isReadyNow(e);
      if (ready) {
        slots[e].pins++;
      }
      return ready;
    } finally {
      lock.unlock();
    }
  }

  /** The loader may have loaded it, or evicted it, since the caller looked. */
  private boolean isReadyNow(int e) {
    if (slots[e].session != null || slots[e].failure != null) {
      return true;
    }
    want(e);
    return false;
  }

  /**
   * Expert {@code e}, kept in memory until {@link #release}; waits while it is loaded.
   *
   * @param rows for how many rows that callers sent
   * @throws RuntimeException what its loading threw
   */
  Session use(int e, int rows) {
    Slot slot = slots[e];
    if (all) {
      Session session = slot.session;
      if (session == null) {
        throw new IllegalStateException("the experts are closed");
      }
      return session;
    }
    lock.lock();
    try {
      used.add(e, rows, System.nanoTime());
      while (slot.session == null) {
        RuntimeException failure = slot.failure;
        if (failure != null) {
          forget(slot);
          throw failure;
        }
        if (closed) {
          throw new IllegalStateException("the experts are closed");
        }
        want(e);
        slot.waiting++;
        change.awaitUninterruptibly();
        slot.waiting--;
      }
      slot.pins++;
      slot.unused = false;
      return slot.session;
    } finally {
      lock.unlock();
    }
  }

  /** Ends a use. */
  void release(int e) {
    if (all) {
      return;
    }
    lock.lock();
    try {
      slots[e].pins--;
      forget(slots[e]);
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A failure is that of the rows that were waiting; later ones are worth another try. */
  private static void forget(Slot slot) {
    if (slot.pins == 0) {
      slot.failure = null;
    }
  }

  private void want(int e) {
    if (!slots[e].wanted) {
      slots[e].wanted = true;
      wanted.add(e);
      change.signalAll();
    }
  }

  /** The loader's work. */
  private void load() {
    for (int e = nextWanted(); e >= 0; e = nextWanted()) {
      if (!isStillWanted(e)) {
        continue;
      }
      if (!makeRoom(memory.bytes().get(e))) {
        return;
      }
      Session session = null;
      RuntimeException failure = null;
      try {
        session = opened(e);
      } catch (RuntimeException | Error error) {
        failure =
            new IllegalStateException("expert " + e + " cannot be loaded: " + error.getMessage());
      }
      lock.lock();
      try {
        slots[e].wanted = false;
        slots[e].unused = true;
        slots[e].loadedAt = System.nanoTime();
        slots[e].session = session;
        slots[e].failure = failure;
        if (session == null) {
          free += memory.bytes().get(e);
        }
        change.signalAll();
      } finally {
        lock.unlock();
      }
      changed.run();
    }
  }

  private int nextWanted() {
    lock.lock();
    try {
      while (wanted.isEmpty() && !closed) {
        change.awaitUninterruptibly();
      }
      return closed ? -1 : wanted.remove();
    } finally {
      lock.unlock();
    }
  }

  /** The rows that wanted it may have been given up since. */
  private boolean isStillWanted(int e) {
    lock.lock();
    try {
      if (slots[e].waiting > 0) {
        return true;
      }
      // Whoever wants it from now on says so anew.
      slots[e].wanted = false;
    } finally {
      lock.unlock();
    }
    if (!isWaitedFor.test(e)) {
      return false;
    }
    lock.lock();
    try {
      slots[e].wanted = true;
      wanted.remove((Integer) e);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes {@code bytes} of the free memory, for which it may evict; false once closed. */
  private boolean makeRoom(long bytes) {
    while (true) {
      Session evicted;
      int victim;
      lock.lock();
      try {
        if (closed) {
          return false;
        }
        if (free >= bytes) {
          free -= bytes;
          return true;
        }
        victim = eviction.victim(System.nanoTime());
        if (victim < 0) {
          awaitChange();
          continue;
        }
        evicted = slots[victim].session;
        slots[victim].session = null;
      } finally {
        lock.unlock();
      }
      if (evicted != null) {
        Guarded.run(evicted::close);
      }
      Guarded.run(() -> listener.evicted(victim));
      lock.lock();
      try {
        free += memory.bytes().get(victim);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Waits for a use to end, or for an expert to have waited long enough. */
  @SuppressWarnings("WaitNotInLoop") // the caller looks again
  private void awaitChange() {
    try {
      change.awaitNanos(Eviction.LITTLE_PATIENCE);
    } catch (InterruptedException e) {
      // Nobody interrupts the loader; close() tells it by other means.
    }
  }

  /** Stops the loader and frees the experts; no use is under way. A second call does nothing. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      change.signalAll();
    } finally {
      lock.unlock();
    }
    Thread running = loader;
    boolean interrupted = false;
    while (running != null && running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    closeSessions();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeSessions() {
    for (Slot slot : slots) {
      Session session = slot.session;
      slot.session = null;
      if (session != null) {
        session.close();
      }
    }
  }
}
