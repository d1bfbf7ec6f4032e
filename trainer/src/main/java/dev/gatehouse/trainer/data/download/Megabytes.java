package dev.gatehouse.trainer.data.download;

import java.util.Locale;

/** Sizes for people. */
public final class Megabytes {
  private Megabytes() {}

  /** As {@code 9.9 MB}, of a million bytes each; small ones as {@code 4.5 kB}. */
  public static String text(long bytes) {
    return bytes < 100_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
  }
}
