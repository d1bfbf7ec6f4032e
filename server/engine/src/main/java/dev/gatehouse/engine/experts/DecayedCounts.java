package dev.gatehouse.engine.experts;

/**
 * How much each expert was used lately: a use counts half after every half-life. Kept as growing
 * weights for new uses in place of shrinking all old ones, so that counting is one addition. Not
 * thread-safe.
 */
final class DecayedCounts {
  /** Beyond this weight all are scaled down. */
  private static final double LARGE = 1e100;

  private final double[] counts;
  private final double halfLife;
  private long origin;

  /**
   * Nothing was used.
   *
   * @param experts number of experts, M
   * @param halfLifeNanos after which a use counts half
   * @param now the time of {@link System#nanoTime()}
   */
  DecayedCounts(int experts, long halfLifeNanos, long now) {
    this.counts = new double[experts];
    this.halfLife = halfLifeNanos;
    this.origin = now;
  }

  /** Expert {@code e} was used for {@code rows} rows. */
  void add(int e, double rows, long now) {
    double weight = Math.pow(2, (now - origin) / halfLife);
    if (weight > LARGE) {
      for (int i = 0; i < counts.length; i++) {
        counts[i] /= weight;
      }
      origin = now;
      weight = 1;
    }
    counts[e] += rows * weight;
  }

  /** True when expert {@code a} was used less than {@code b}. */
  boolean isLess(int a, int b) {
    return counts[a] < counts[b];
  }
}
