package dev.gatehouse.engine.experts;

import java.util.concurrent.TimeUnit;

/**
 * Which expert leaves the memory for another: of those that are not in use the one that was used
 * least lately, and rather not one whose rows may still come.
 *
 * @param slots how it stands with each expert
 * @param used how much each was used lately
 */
record Eviction(Slot[] slots, DecayedCounts used) {
  /** How long an expert that was just loaded waits for its rows while others were used. */
  static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

  /** How long it does where there is no other to evict. */
  static final long LITTLE_PATIENCE = TimeUnit.MILLISECONDS.toNanos(50);

  /**
   * The expert to evict, or -1 for none; asked under the lock of the slots.
   *
   * @param now {@link System#nanoTime}
   */
  int victim(long now) {
    int victim = leastUsed(now, PATIENCE);
    return victim < 0 ? leastUsed(now, LITTLE_PATIENCE) : victim;
  }

  private int leastUsed(long now, long patience) {
    int least = -1;
    for (int e = 0; e < slots.length; e++) {
      Slot slot = slots[e];
      if (slot.session != null
          && slot.pins == 0
          && !slot.isExpected(now, patience)
          && (least < 0 || used.isLess(e, least))) {
        least = e;
      }
    }
    return least;
  }
}
