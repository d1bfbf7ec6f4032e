package dev.gatehouse.bench.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * Measures several ways to do the same by turns, so that what else the machine does slows all of
 * them. A turn is several calls; the first of them bring the side's own weights back into the
 * caches, which the others' turns took, and are not timed.
 */
public final class Turns {
  private static final int UNTIMED = 4;

  private Turns() {}

  /** One of the ways. */
  @FunctionalInterface
  public interface Side {
    /**
     * Does it once.
     *
     * @param call counts the calls of this side
     */
    void run(int call);
  }

  /** Sides and their numbers of calls so far. */
  private static final class Runner {
    private final Side side;
    private int calls;
    private int callsATurn = 1;

    Runner(Side side) {
      this.side = side;
    }

    /** Nanoseconds of some calls. */
    long run(int count) {
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        side.run(calls++ & Integer.MAX_VALUE);
      }
      return System.nanoTime() - start;
    }

    /** Runs for a while; nanoseconds that a turn will take. */
    long warmUp(Pace pace) {
      long end = System.nanoTime() + pace.warmUp().toNanos();
      long fastest = run(1);
      while (System.nanoTime() - end < 0) {
        fastest = Math.min(fastest, run(1));
      }
      callsATurn = (int) Math.max(1, pace.turn().toNanos() / Math.max(1, fastest));
      return fastest * callsATurn;
    }

    double turn() {
      run(callsATurn / UNTIMED);
      return run(callsATurn) / (double) callsATurn;
    }
  }

  /** Nanoseconds a call, {@code [sides][rounds]}. */
  public static double[][] measure(List<Side> sides, Pace pace) {
    List<Runner> runners = new ArrayList<>();
    long round = 0;
    for (Side side : sides) {
      Runner runner = new Runner(side);
      round += runner.warmUp(pace);
      runners.add(runner);
    }
    long affordable = pace.all().toNanos() / Math.max(1, round);
    int rounds = (int) Math.max(pace.leastRounds(), Math.min(pace.rounds(), affordable));
    double[][] nanos = new double[sides.size()][rounds];
    for (int r = 0; r < rounds; r++) {
      for (int i = 0; i < runners.size(); i++) {
        int s = (r + i) % runners.size();
        nanos[s][r] = runners.get(s).turn();
      }
    }
    return nanos;
  }

  /** The least nanoseconds of a call within {@code pace}'s warm-up, of two calls or more. */
  public static long fastest(Side side, Pace pace) {
    Runner runner = new Runner(side);
    runner.run(1);
    long end = System.nanoTime() + pace.warmUp().toNanos() / UNTIMED;
    long fastest = runner.run(1);
    while (System.nanoTime() - end < 0) {
      fastest = Math.min(fastest, runner.run(1));
    }
    return fastest;
  }
}
