package dev.gatehouse.engine.pipeline;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** Times short work. */
final class Timed {
  /** Enough for the clock and the JIT compiler's first step, too little to notice at start. */
  private static final long NANOS = 2_000_000;

  private static final int LEAST_RUNS = 3;

  private Timed() {}

  /**
   * The fastest of some runs, nanoseconds: other work on the machine only adds to it.
   *
   * @param run one piece of work
   */
  static double fastest(Runnable run) {
    double fastest = Double.POSITIVE_INFINITY;
    long end = System.nanoTime() + NANOS;
    for (int i = 0; i < LEAST_RUNS || System.nanoTime() - end < 0; i++) {
      fastest = Math.min(fastest, nanos(run));
    }
    return fastest;
  }

  /**
   * The lower quartile over different pieces of work in turn, nanoseconds: each finds the caches as
   * the others left them.
   *
   * @param pieces how many there are
   * @param run runs one of them
   */
  static double typical(int pieces, IntConsumer run) {
    double[] fastest = new double[pieces];
    Arrays.fill(fastest, Double.POSITIVE_INFINITY);
    long end = System.nanoTime() + NANOS;
    for (int round = 0; round < LEAST_RUNS || System.nanoTime() - end < 0; round++) {
      for (int i = 0; i < pieces; i++) {
        int piece = i;
        fastest[i] = Math.min(fastest[i], nanos(() -> run.accept(piece)));
      }
    }
    Arrays.sort(fastest);
    return fastest[pieces / 4];
  }

  private static double nanos(Runnable run) {
    long start = System.nanoTime();
    run.run();
    return System.nanoTime() - (double) start;
  }
}
