package dev.gatehouse.bench.measure;

import java.time.Duration;

/**
 * How long is measured.
 *
 * @param rounds turns of each side, at most
 * @param leastRounds turns of each side, even where that takes longer than {@code all}
 * @param warmUp time of each side before the first round
 * @param turn time of one turn, at least one call
 * @param all about the time of all turns together
 */
public record Pace(int rounds, int leastRounds, Duration warmUp, Duration turn, Duration all) {
  /** One turn of one call: shows that it runs, not how fast. */
  public static final Pace QUICK =
      new Pace(1, 1, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1));

  /** Turns of several milliseconds, about so long in all. */
  public static Pace of(Duration all) {
    return new Pace(41, 5, Duration.ofMillis(300), Duration.ofMillis(8), all);
  }
}
