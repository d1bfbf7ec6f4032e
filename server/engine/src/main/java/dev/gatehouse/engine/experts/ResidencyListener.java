package dev.gatehouse.engine.experts;

/** Hears of experts that come into memory and leave it. Must be thread-safe and quick. */
public interface ResidencyListener {
  /** Expert {@code e} was loaded, at start or because rows needed it, in {@code nanos}. */
  void loaded(int e, long nanos);

  /** Expert {@code e} made room for another. */
  void evicted(int e);

  /** Nobody listens. */
  static ResidencyListener none() {
    return new ResidencyListener() {
      @Override
      public void loaded(int e, long nanos) {}

      @Override
      public void evicted(int e) {}
    };
  }
}
