package dev.gatehouse.trainer.loop;

import java.util.Random;

/** The order of the training rows in each epoch, drawn in Java from the seed alone. */
final class Order {
  private final int rows;
  private final Random random;
  private int drawn;

  Order(int rows, long seed) {
    this.rows = rows;
    this.random = new Random(seed);
  }

  /**
   * 0 to rows - 1 as they come in {@code epoch} (Fisher and Yates).
   *
   * @param epoch from 1; not before one that was asked for already
   */
  long[] of(int epoch) {
    if (epoch <= drawn) {
      throw new IllegalArgumentException("the order of epoch " + epoch + " was drawn already");
    }
    long[] order = new long[0];
    while (drawn < epoch) {
      order = shuffled();
      drawn++;
    }
    return order;
  }

  private long[] shuffled() {
    long[] order = new long[rows];
    for (int i = 0; i < rows; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
