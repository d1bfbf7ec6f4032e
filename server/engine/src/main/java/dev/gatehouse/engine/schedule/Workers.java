package dev.gatehouse.engine.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The machine's threads for computing, shared by all models. The model that has used them least
 * goes next (start-time fair queueing: a model that was idle begins where the others are), so that
 * a busy one does not starve its neighbours.
 *
 * <p>Thread-safe.
 */
public final class Workers implements AutoCloseable {
  private static final long AFTER_A_FAILURE = TimeUnit.MILLISECONDS.toNanos(10);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final List<Tenant> tenants = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private long virtualTime;
  private int idle;
  private boolean closed;

  private static final class Tenant {
    private final WorkSource source;
    private long used;

    /** What its last piece of work took: the next is taken to be like it. */
    private long expected = 1;

    Tenant(WorkSource source) {
      this.source = source;
    }
  }

  /** What it is expected to take counts as used from now on, so that others see it at once. */
  private record Job(Tenant tenant, Runnable work, long charged) {}

  /**
   * Starts threads.
   *
   * @param threads how many, 1 or more
   */
  public Workers(int threads) {
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(this::loop, "gatehouse-worker-" + i);
      thread.setDaemon(true);
      this.threads.add(thread);
      thread.start();
    }
  }

  /** Number of threads. */
  public int size() {
    return threads.size();
  }

  /** Asks {@code source} for work from now on. */
  public void add(WorkSource source) {
    change(
        () -> {
          Tenant tenant = new Tenant(source);
          tenant.used = virtualTime;
          tenants.add(tenant);
        });
  }

  /** Asks {@code source} no more; what it gave already is still done. */
  public void remove(WorkSource source) {
    change(() -> tenants.removeIf(tenant -> tenant.source == source));
  }

  /**
   * Gives work to a source, under the lock under which sources are asked, and wakes a worker.
   *
   * @param offer quick, and without waiting; false where the source has no room
   * @return what {@code offer} said
   */
  public boolean offer(BooleanSupplier offer) {
    lock.lock();
    try {
      boolean taken = offer.getAsBoolean();
      if (taken && idle > 0) {
        work.signal();
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Changes what a source holds so that there is work, under the same lock; wakes all workers. */
  public void change(Runnable change) {
    update(
        () -> {
          change.run();
          if (idle > 0) {
            work.signalAll();
          }
        });
  }

  /** Changes what a source holds, under the same lock, where that is no work for anybody. */
  public void update(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  /** Asks a source something, or takes of what it holds, under the same lock. */
  public <T extends @Nullable Object> T ask(Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stops the threads once no source holds work, be it work that waits for something else such as
   * an expert that is loaded: whoever waits hears of its end. A second call does nothing.
   */
  @Override
  public void close() {
    change(() -> closed = true);
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread != Thread.currentThread() && thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    while (true) {
      Job next;
      try {
        next = next();
      } catch (RuntimeException | Error e) {
        // Such as one for want of memory: others still count on this thread.
        Guarded.report(e);
        LockSupport.parkNanos(AFTER_A_FAILURE);
        continue;
      }
      if (next == null) {
        return;
      }
      Job job = next;
      long start = System.nanoTime();
      Guarded.run(job.work());
      long nanos = Math.max(1, System.nanoTime() - start);
      update(
          () -> {
            job.tenant().used += nanos - job.charged();
            job.tenant().expected = nanos;
          });
    }
  }

  /** Waits for work; null once closed and there is none. */
  private @Nullable Job next() {
    lock.lock();
    try {
      while (true) {
        Job job = pick();
        if (job != null) {
          if (idle > 0 && job.tenant().source.holdsWork()) {
            work.signal();
          }
          return job;
        }
        if (closed && tenants.stream().noneMatch(tenant -> tenant.source.holdsWork())) {
          // The last work may have been taken while others waited for it.
          work.signalAll();
          return null;
        }
        idle++;
        work.awaitUninterruptibly();
        idle--;
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Job pick() {
    long now = System.nanoTime();
    tenants.sort((a, b) -> Long.compare(a.used, b.used));
    for (Tenant tenant : tenants) {
      Runnable found = tenant.source.take(now, 1 + idle);
      if (found != null) {
        // Time that it did not ask for is no credit.
        tenant.used = Math.max(tenant.used, virtualTime);
        virtualTime = tenant.used;
        tenant.used += tenant.expected;
        return new Job(tenant, found, tenant.expected);
      }
    }
    return null;
  }
}
