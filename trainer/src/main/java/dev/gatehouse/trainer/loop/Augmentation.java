package dev.gatehouse.trainer.loop;

import ai.djl.ndarray.NDArray;

/**
 * Alters training rows from epoch to epoch, before normalisation. What a row becomes depends on
 * {@code (seed, epoch, row)} alone: neither on its batch nor on what was drawn before, so that a
 * resumed run sees the rows that it would have seen.
 */
@FunctionalInterface
interface Augmentation {
  /** Leaves rows as they are. */
  Augmentation NONE = (rows, indices, epoch, seed) -> rows;

  /**
   * Alters a batch.
   *
   * @param rows [B, shape of a row] raw rows
   * @param indices [B] which training row each is
   * @param epoch counted from 0
   * @param seed the run's
   * @return [B, shape of a row], of the same type and under the same manager as {@code rows};
   *     {@code rows} itself where nothing changes
   */
  NDArray apply(NDArray rows, long[] indices, int epoch, long seed);
}
