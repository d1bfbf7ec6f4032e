package dev.gatehouse.engine.tensor;

import java.nio.FloatBuffer;

/**
 * A batch of rows that writes itself where the engine wants it, so that values go from the wire to
 * the tensor in one step. Values are raw, before normalisation, and must not change while a
 * prediction runs; they may be asked for more than once, and from another thread.
 */
public interface RowSource {
  /** Rows of the batch, 0 or more. */
  int count();

  /** Elements of a row; 0 in a batch without rows. */
  int rowLength();

  /**
   * Writes some rows, row-major.
   *
   * @param from the first row, 0 or more
   * @param rows how many
   * @param target where they go
   * @param at index in {@code target} of the first element
   */
  void write(int from, int rows, FloatBuffer target, int at);

  /** True when each value is a whole number in [0, 255] by its type, so that none is NaN. */
  default boolean isUint8() {
    return false;
  }
}
