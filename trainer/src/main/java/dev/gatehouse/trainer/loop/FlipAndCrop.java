package dev.gatehouse.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.trainer.array.Scaled;
import dev.gatehouse.trainer.data.strokes.SplitMix;

/**
 * Random horizontal flip where it is asked for, then a random crop of the image's own size out of
 * the image with a reflected border (arXiv 2302.14703's recipe for CIFAR-100 has a border of 4).
 * The border repeats no edge: with a border of 2, {@code a b c} becomes {@code c b a b c b a}.
 *
 * @param flips whether images are mirrored, one in two
 * @param border pixels on each side, fewer than an image has
 */
record FlipAndCrop(boolean flips, int border) implements Augmentation {
  @Override
  public NDArray apply(NDArray rows, long[] indices, int epoch, long seed) {
    Shape shape = rows.getShape();
    long batch = shape.get(0);
    long channels = shape.get(1);
    int height = (int) shape.get(2);
    int width = (int) shape.get(3);
    long[] y = new long[indices.length * height];
    long[] x = new long[indices.length * width];
    long ofEpoch = SplitMix.stream(seed, epoch).next();
    for (int row = 0; row < indices.length; row++) {
      SplitMix random = SplitMix.stream(ofEpoch, indices[row]);
      boolean flip = random.chance(0.5) && flips;
      int down = random.below(2 * border + 1) - border;
      int right = random.below(2 * border + 1) - border;
      for (int i = 0; i < height; i++) {
        y[row * height + i] = reflected(i + down, height);
      }
      for (int j = 0; j < width; j++) {
        int from = reflected(j + right, width);
        x[row * width + j] = flip ? width - 1 - from : from;
      }
    }
    // One gather for the batch: which pixel of its channel each pixel comes from.
    try (NDManager scope = rows.getManager().newSubManager()) {
      NDArray from =
          Scaled.by(scope.create(y, new Shape(batch, height, 1)), width)
              .add(scope.create(x, new Shape(batch, 1, width)))
              .reshape(batch, 1, (long) height * width)
              .broadcast(batch, channels, (long) height * width);
      NDArray flat = rows.reshape(batch, channels, (long) height * width);
      flat.attach(scope);
      NDArray moved = flat.gather(from, 2).reshape(shape);
      moved.attach(rows.getManager());
      return moved;
    }
  }

  private static int reflected(int at, int size) {
    int inside = Math.abs(at);
    return inside < size ? inside : 2 * size - 2 - inside;
  }
}
