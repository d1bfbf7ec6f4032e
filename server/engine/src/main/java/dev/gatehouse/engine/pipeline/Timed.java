package dev.gatehouse.engine.pipeline;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Times short work. It ends when the runs would have taken {@link #NANOS} had each been as fast as
 * the fastest: where other work takes the processor meanwhile, that is no reason to have seen less.
 */
final class Timed {
  /** Enough for the clock and the JIT compiler's first step, too little to notice at start. */
  private static final long NANOS = 2_000_000;

  /** On a machine that never gets to it. */
  private static final long MOST_NANOS = 10 * NANOS;

  private static final int LEAST_RUNS = 3;

  private Timed() {}

  /**
   * The fastest of some runs, nanoseconds: other work on the machine only adds to it.
   *
   * @param run one piece of work
   */
  static double fastest(Runnable run) {
    return typical(1, piece -> run.run());
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
    long end = System.nanoTime() + MOST_NANOS;
    boolean enough = false;
    for (int rounds = 1; !enough; rounds++) {
      for (int i = 0; i < pieces; i++) {
        int piece = i;
        fastest[i] = Math.min(fastest[i], nanos(() -> run.accept(piece)));
      }
      double seen = rounds * Arrays.stream(fastest).sum();
      enough = rounds >= LEAST_RUNS && (seen >= NANOS || System.nanoTime() - end >= 0);
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
