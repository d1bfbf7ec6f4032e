package dev.gatehouse.engine.schedule;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What it costs to wake a sleeping thread and to be woken by it: work handed over, answer back. */
public final class Hop {
  private static final int ROUNDS = 32;

  /** Long enough for both threads to be asleep, and their processors to have turned to others. */
  private static final long PAUSE_MICROS = 100;

  private volatile boolean asked;
  private volatile boolean answered;

  private Hop() {}

  /** Measured once; nanoseconds. Some 5 milliseconds the first time. */
  public static double nanos() {
    return Measured.NANOS;
  }

  private static final class Measured {
    static final double NANOS = new Hop().measure();
  }

  /** The lower quartile: other work on the machine only adds to it. */
  private double measure() {
    Thread here = Thread.currentThread();
    Thread there =
        new Thread(
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                while (!asked) {
                  LockSupport.park();
                }
                asked = false;
                answered = true;
                LockSupport.unpark(here);
              }
            },
            "gatehouse-hop");
    there.setDaemon(true);
    there.start();
    double[] nanos = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(PAUSE_MICROS));
      long start = System.nanoTime();
      asked = true;
      LockSupport.unpark(there);
      while (!answered) {
        LockSupport.park();
      }
      answered = false;
      nanos[i] = System.nanoTime() - (double) start;
    }
    Arrays.sort(nanos);
    return nanos[ROUNDS / 4];
  }
}
