package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Rows as they came from the network.
 *
 * @param count rows
 * @param rowLength elements of a row
 * @param type element type
 * @param bytes {@code [count, rowLength]} elements, row-major, little-endian, from index 0
 */
record WireRows(int count, int rowLength, Datatype type, ByteBuffer bytes) implements RowSource {
  /** Sees floats as little-endian, whatever the buffer was. */
  WireRows {
    bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void write(int from, int rows, FloatBuffer target, int at) {
    int first = from * rowLength;
    int elements = rows * rowLength;
    if (type == Datatype.FP32) {
      target.put(at, bytes.asFloatBuffer(), first, elements);
      return;
    }
    for (int i = 0; i < elements; i++) {
      target.put(at + i, bytes.get(first + i) & 0xff);
    }
  }

  @Override
  public boolean isUint8() {
    return type == Datatype.UINT8;
  }
}
