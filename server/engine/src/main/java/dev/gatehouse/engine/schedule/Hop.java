package dev.gatehouse.engine.schedule;

import java.util.Arrays;
import java.util.concurrent.SynchronousQueue;

/** What it costs to hand work to a sleeping thread and to hear of it again. */
public final class Hop {
  private static final int ROUNDS = 64;

  private Hop() {}

  /** The median of some rounds on this machine, as it is busy now; nanoseconds. */
  public static double measure() {
    SynchronousQueue<Long> there = new SynchronousQueue<>();
    SynchronousQueue<Long> back = new SynchronousQueue<>();
    Thread other =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < ROUNDS; i++) {
                  back.put(there.take());
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "gatehouse-hop");
    other.setDaemon(true);
    other.start();
    double[] nanos = new double[ROUNDS];
    try {
      for (int i = 0; i < ROUNDS; i++) {
        long start = System.nanoTime();
        there.put(start);
        nanos[i] = System.nanoTime() - (double) back.take();
      }
    } catch (InterruptedException e) {
      other.interrupt();
      Thread.currentThread().interrupt();
    }
    Arrays.sort(nanos);
    return nanos[ROUNDS / 2];
  }
}
