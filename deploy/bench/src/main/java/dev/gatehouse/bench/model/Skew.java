package dev.gatehouse.bench.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/** How rows spread over the experts. */
public enum Skew {
  /** Each expert is as likely as any other. */
  UNIFORM(0),
  /**
   * The expert of rank r is 1/r times as likely as the first; which one has which rank is drawn.
   */
  ZIPF(1);

  private final double exponent;

  Skew(double exponent) {
    this.exponent = exponent;
  }

  /** Draws experts. */
  @FunctionalInterface
  public interface Draw {
    /** An expert. */
    int next(SplittableRandom random);
  }

  /** Draws among {@code experts}. */
  public Draw among(int experts, long seed) {
    int[] ranked = new int[experts];
    double[] upTo = new double[experts];
    SplittableRandom ranks = new SplittableRandom(seed);
    double sum = 0;
    for (int i = 0; i < experts; i++) {
      int at = ranks.nextInt(i + 1);
      ranked[i] = ranked[at];
      ranked[at] = i;
      sum += Math.pow(i + 1, -exponent);
      upTo[i] = sum;
    }
    double all = sum;
    return random -> {
      int found = Arrays.binarySearch(upTo, random.nextDouble() * all);
      return ranked[Math.min(experts - 1, found < 0 ? -found - 1 : found + 1)];
    };
  }

  /** As in JSON. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
