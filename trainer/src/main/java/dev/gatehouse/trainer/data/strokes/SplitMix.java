package dev.gatehouse.trainer.data.strokes;

/**
 * SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014): a Weyl
 * sequence through a 64-bit mixer. Written out because the JDK promises its generators' sequences
 * within one program only, and what is drawn must be the same everywhere.
 */
public final class SplitMix {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  SplitMix(long seed) {
    this.state = seed;
  }

  /** The stream of {@code row}, the same whichever other rows are drawn. */
  public static SplitMix stream(long seed, long row) {
    return new SplitMix(mix(seed + GOLDEN_GAMMA * mix(row + GOLDEN_GAMMA)));
  }

  /** Uniform over all 64-bit numbers. */
  public long next() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform in [0, 1). */
  public double unit() {
    return (next() >>> 11) * 0x1p-53;
  }

  /** Uniform in [low, high). */
  double between(double low, double high) {
    return low + (high - low) * unit();
  }

  /** Uniform in [-reach, reach). */
  double around(double reach) {
    return between(-reach, reach);
  }

  /** Uniform in [0, bound). */
  public int below(int bound) {
    return (int) (unit() * bound);
  }

  /** True with {@code probability}. */
  public boolean chance(double probability) {
    return unit() < probability;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
