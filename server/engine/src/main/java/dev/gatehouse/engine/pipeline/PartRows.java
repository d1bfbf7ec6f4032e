package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.tensor.RowSource;
import java.nio.FloatBuffer;

/**
 * Some rows of a call.
 *
 * @param all the call's rows
 * @param from the first of these
 * @param count how many they are
 */
record PartRows(RowSource all, int from, int count) implements RowSource {
  @Override
  public int rowLength() {
    return all.rowLength();
  }

  @Override
  public void write(int first, int rows, FloatBuffer target, int at) {
    all.write(from + first, rows, target, at);
  }

  @Override
  public boolean isUint8() {
    return all.isUint8();
  }
}
