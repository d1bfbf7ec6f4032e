package dev.gatehouse.service.repository;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model and the number of those who hold it: the repository, and each open lease. Whoever lets go
 * last closes it.
 */
final class Holding {
  private final ServedModel served;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final AtomicBoolean retired = new AtomicBoolean();

  Holding(ServedModel served) {
    this.served = served;
  }

  ServedModel served() {
    return served;
  }

  /** One more holder; false when the model is closed or about to be. */
  boolean acquire() {
    int before;
    do {
      before = holders.get();
      if (before == 0 || retired.get()) {
        return false;
      }
    } while (!holders.compareAndSet(before, before + 1));
    return true;
  }

  /** One holder less, who may be a call of the model that is about to end. */
  void release() {
    if (holders.decrementAndGet() == 0) {
      served.model().closeWhenIdle();
    }
  }

  /** Lets go of the repository's own hold; a second call does nothing. */
  void retire() {
    if (retired.compareAndSet(false, true) && holders.decrementAndGet() == 0) {
      served.model().close();
    }
  }
}
