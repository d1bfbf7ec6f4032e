package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes of a request to the engine's rows. Every size is checked before memory is taken for it.
 *
 * @param input what the model takes
 */
record RowReader(InputSpec input) {
  /**
   * The number of rows, once it is known that so many can exist.
   *
   * @param rows as the request says
   */
  int requireRows(long rows) {
    long most = Integer.MAX_VALUE / Float.BYTES / input.shape().elements();
    if (rows < 1 || rows > most) {
      throw new BadInput("the number of rows must be in [1, " + most + "]; rows=" + rows);
    }
    return (int) rows;
  }

  /**
   * The element type, once it is known that the model takes it: the model's own, or FP32 with the
   * same values.
   *
   * @param name name of the type, upper case
   */
  Datatype requireDatatype(String name) {
    for (Datatype type : Datatype.values()) {
      if (type.name().equals(name) && (type == Datatype.FP32 || type == input.datatype())) {
        return type;
      }
    }
    String takes = input.datatype() == Datatype.FP32 ? "FP32" : input.datatype() + " or FP32";
    throw new BadInput(
        "input '" + input.name() + "' has the data type '" + name + "', the model takes " + takes);
  }

  /** Refuses another input than the model's. */
  void requireName(String name) {
    if (!name.equals(input.name())) {
      throw new BadInput("unknown input '" + name + "'; the model takes '" + input.name() + "'");
    }
  }

  /** First dimension of {@code [batch, shape...]} or {@code [batch, elements]}. */
  long batch(List<Long> shape) {
    if (!isRowShape(shape) && !(shape.size() == 2 && shape.get(1) == input.shape().elements())) {
      throw new BadInput(
          String.format(
              "input '%s' has the shape %s, the model takes %s or [-1, %d]",
              input.name(), shape, input.shape().batched(-1), input.shape().elements()));
    }
    return shape.get(0);
  }

  private boolean isRowShape(List<Long> shape) {
    List<Integer> row = input.shape().dims();
    if (shape.size() != row.size() + 1) {
      return false;
    }
    for (int i = 0; i < row.size(); i++) {
      if (shape.get(i + 1) != row.get(i).longValue()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Rows of little-endian elements.
   *
   * @param bytes {@code [rows, shape]}, row-major, from position to limit
   * @throws BadInput when the length is another than that of so many rows
   */
  RowSource raw(int rows, Datatype type, ByteBuffer bytes) {
    long expected = (long) rows * input.shape().elements() * elementBytes(type);
    if (bytes.remaining() != expected) {
      throw new BadInput(
          String.format(
              "input '%s' has %d bytes where %d rows of %s %s have %d",
              input.name(), bytes.remaining(), rows, type, input.shape(), expected));
    }
    return new WireRows(rows, input.shape().elements(), type, bytes);
  }

  private static int elementBytes(Datatype type) {
    return type == Datatype.UINT8 ? Byte.BYTES : Float.BYTES;
  }
}
