package dev.gatehouse.engine.schedule;

/**
 * Code that is not ours, on a thread that must live on. What it throws is told to the thread's
 * handler of uncaught exceptions.
 */
public final class Guarded {
  private Guarded() {}

  /** Runs {@code foreign}; throws nothing. */
  public static void run(Runnable foreign) {
    try {
      foreign.run();
    } catch (RuntimeException | Error e) {
      report(e);
    }
  }

  /** Tells the thread's handler of uncaught exceptions. */
  static void report(Throwable thrown) {
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
  }
}
