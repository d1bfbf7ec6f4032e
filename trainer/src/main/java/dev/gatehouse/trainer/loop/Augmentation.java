package dev.gatehouse.trainer.loop;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.proto.run.Augment;
import dev.gatehouse.trainer.evaluation.DeviceRows;

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

  /** Alters the rows of a step. */
  default DeviceRows apply(DeviceRows batch, Step step, long seed) {
    return new DeviceRows(apply(batch.rows(), step.rows(), step.epoch() - 1, seed), batch.labels());
  }

  /**
   * Refuses what cannot be done with rows of a shape.
   *
   * @throws BadInput when they are no images, or an image is no larger than it is to move by
   */
  static void require(Augment augment, Shape row) {
    if (augment.isNone()) {
      return;
    }
    if (!row.isImage()) {
      throw new BadInput("augment alters images; shape of a row=" + row);
    }
    int height = row.dims().get(1);
    int width = row.dims().get(2);
    if (augment.shift() >= Math.min(height, width)) {
      throw new BadInput(
          "augment: shift must be less than an image's height and width; shift=%d, image=%dx%d"
              .formatted(augment.shift(), height, width));
    }
  }

  /** What a configuration asks for. */
  static Augmentation of(Augment augment) {
    return augment.isNone() ? NONE : new FlipAndCrop(augment.flip(), augment.shift());
  }
}
