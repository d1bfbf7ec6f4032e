package dev.gatehouse.engine.pipeline;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who uses a model, so that it is freed when it was closed and the last one has gone: by
 * whoever that is. A use may begin on one thread and end on another.
 */
final class Uses {
  /** Added once closed: the count without it is that of the uses. */
  private static final int CLOSED = 1 << 30;

  private final AtomicInteger count = new AtomicInteger();
  private final AtomicBoolean freeing = new AtomicBoolean();
  private final CountDownLatch freed = new CountDownLatch(1);
  private final Runnable free;

  /**
   * None so far.
   *
   * @param free run once, after the end of the last use
   */
  Uses(Runnable free) {
    this.free = free;
  }

  /** One more; false once closed. */
  boolean begin() {
    if (count.incrementAndGet() >= CLOSED) {
      end();
      return false;
    }
    return true;
  }

  /** One less. */
  void end() {
    if (count.decrementAndGet() == CLOSED) {
      free();
    }
  }

  /** Uses under way. */
  int size() {
    return count.get() & (CLOSED - 1);
  }

  boolean isClosed() {
    return count.get() >= CLOSED;
  }

  /** Refuses new uses, and does not wait for those under way. A second call does nothing. */
  void closeWhenIdle() {
    if (count.getAndUpdate(n -> n | CLOSED) == 0) {
      free();
    }
  }

  /** Refuses new uses, and waits until all has been freed. Never from within a use. */
  void close() {
    closeWhenIdle();
    boolean interrupted = false;
    while (freed.getCount() > 0) {
      try {
        freed.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A use that was refused ends as well, perhaps after the last. */
  private void free() {
    if (freeing.compareAndSet(false, true)) {
      try {
        free.run();
      } finally {
        freed.countDown();
      }
    }
  }
}
