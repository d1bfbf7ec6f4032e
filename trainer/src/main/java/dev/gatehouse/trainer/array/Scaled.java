package dev.gatehouse.trainer.array;

import ai.djl.ndarray.NDArray;

/**
 * Arrays times a number, with the right gradient.
 *
 * <p>DJL's own {@code mul(Number)} and {@code div(Number)} lend the engine four bytes of Java
 * memory that hold the number, and let go of them on return; but the gradient needs the number once
 * more. A garbage collection in between gives those bytes away, and the gradient is multiplied by
 * whatever lies there then. Here the product is with a copy in the engine's own memory, which lives
 * as long as the engine needs it.
 */
public final class Scaled {
  private Scaled() {}

  /**
   * {@code array} times {@code factor}.
   *
   * @param array of any shape; the answer has its shape and data type
   */
  public static NDArray by(NDArray array, double factor) {
    try (NDArray lent = array.getManager().create(factor);
        NDArray number = lent.toType(array.getDataType(), true)) {
      return array.mul(number);
    }
  }
}
