package dev.gatehouse.engine.pipeline;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who uses a model, so that it closes when the last one has gone. A use may begin on one
 * thread and end on another.
 */
final class Uses {
  /** Added once closed: the count without it is that of the uses. */
  private static final int CLOSED = 1 << 30;

  private final AtomicInteger count = new AtomicInteger();

  /** One more; false once closed. */
  boolean begin() {
    if (count.incrementAndGet() >= CLOSED) {
      end();
      return false;
    }
    return true;
  }

  void end() {
    int left = count.decrementAndGet();
    if (left == CLOSED) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** Uses under way. */
  int size() {
    return count.get() & (CLOSED - 1);
  }

  boolean isClosed() {
    return count.get() >= CLOSED;
  }

  /** Refuses new uses and waits for those under way; false when another call did so before. */
  boolean close() {
    boolean first = (count.getAndUpdate(n -> n | CLOSED) & CLOSED) == 0;
    boolean interrupted = false;
    synchronized (this) {
      while (size() > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return first;
  }
}
