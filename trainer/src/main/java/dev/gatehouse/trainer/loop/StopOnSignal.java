package dev.gatehouse.trainer.loop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a training write its checkpoint when SIGTERM or Ctrl-C ends the process. */
public final class StopOnSignal implements Stop, AutoCloseable {
  /** A step and a checkpoint take less; then the process ends whatever is going on. */
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "stop");
  private volatile boolean requested;

  /** Listens from now on. */
  public StopOnSignal() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public boolean requested() {
    return requested;
  }

  /** The training is over; whoever waits for it may go on. */
  @Override
  public void close() {
    done.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process ends at this very moment, and the hook has nothing to wait for any more.
        return;
      }
    }
  }

  private void stop() {
    requested = true;
    try {
      done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
