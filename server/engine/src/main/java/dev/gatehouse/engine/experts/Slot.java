package dev.gatehouse.engine.experts;

import dev.gatehouse.engine.runtime.Session;
import org.jspecify.annotations.Nullable;

/** How it stands with one expert; changed under the lock of its {@link Residency} alone. */
final class Slot {
  /** Null while it is not in memory. */
  volatile @Nullable Session session;

  /** Why it could not be loaded when it was last tried. */
  volatile @Nullable RuntimeException failure;

  /** It is to be loaded. */
  boolean wanted;

  /** Threads that wait for it to be loaded. */
  int waiting;

  /** It was loaded, and no row has come for it since. */
  boolean unused;

  /** When it was loaded, {@link System#nanoTime}. */
  long loadedAt;

  /** Uses that keep it in memory. */
  int pins;

  /** Its rows may still come. */
  boolean isExpected(long now, long patience) {
    return unused && now - loadedAt < patience;
  }
}
