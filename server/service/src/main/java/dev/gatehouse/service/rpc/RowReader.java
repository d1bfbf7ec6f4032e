package dev.gatehouse.service.rpc;

import com.google.protobuf.ByteString;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import java.nio.ByteBuffer;

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

  /**
   * Rows of little-endian elements.
   *
   * @param bytes {@code [rows, shape]}, row-major
   * @throws BadInput when the length is another than that of so many rows
   */
  Rows raw(int rows, Datatype type, ByteString bytes) {
    long expected = (long) rows * input.shape().elements() * elementBytes(type);
    if (bytes.size() != expected) {
      throw new BadInput(
          String.format(
              "input '%s' has %d bytes where %d rows of %s %s have %d",
              input.name(), bytes.size(), rows, type, input.shape(), expected));
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return type == Datatype.UINT8 ? Rows.ofUint8(rows, buffer) : Rows.ofFp32(rows, buffer);
  }

  private static int elementBytes(Datatype type) {
    return type == Datatype.UINT8 ? Byte.BYTES : Float.BYTES;
  }
}
