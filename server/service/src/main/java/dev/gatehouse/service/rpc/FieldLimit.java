package dev.gatehouse.service.rpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.oip.InferTensorContents;
import dev.gatehouse.service.rpc.wire.WireReader;
import dev.gatehouse.service.rpc.wire.WireReader.Unusual;
import java.nio.ByteBuffer;

/**
 * How many small fields a request may have, counted before the library reads it: it makes objects
 * of dozens of bytes of fields of two. The values of a tensor do not count, a shape's dimensions
 * do.
 */
final class FieldLimit {
  /** In all messages of the request together. */
  static final int MOST = 1024;

  /** From so many bytes on, an object takes memory in proportion to what was sent. */
  private static final int SMALL_BYTES = 32;

  private static final Descriptor VALUES = InferTensorContents.getDescriptor();

  private int fields;

  private FieldLimit() {}

  /**
   * Refuses a request of too many fields, or one that is damaged, or written as no client does.
   *
   * @param request the encoded message, from position to limit
   * @param message what it is
   */
  static void require(ByteBuffer request, Descriptor message) {
    WireReader reader = new WireReader(request, request.position(), request.limit());
    try {
      new FieldLimit().count(reader, message);
    } catch (Unusual e) {
      throw new BadInput("the request cannot be read: " + e.getMessage(), e);
    }
  }

  private void count(WireReader reader, Descriptor message) throws Unusual {
    while (reader.hasMore()) {
      int key = reader.key();
      FieldDescriptor field = message.findFieldByNumber(key >>> 3);
      boolean hasLength = (key & 7) == WireReader.LENGTH;
      if (field != null && message == VALUES && isValue(key, field)) {
        reader.skip(key);
      } else if (field != null && hasLength && field.isPackable()) {
        add(reader.slice().remaining());
      } else if (field != null
          && hasLength
          && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        add(1);
        count(reader.nested(), field.getMessageType());
      } else if (hasLength) {
        add(reader.slice().remaining() < SMALL_BYTES ? 1 : 0);
      } else {
        add(1);
        reader.skip(key);
      }
    }
  }

  /** False for bytes, and for a value that is written as another type, which the library keeps. */
  private static boolean isValue(int key, FieldDescriptor field) {
    int wireType = key & 7;
    return field.isPackable()
        && (wireType == WireReader.LENGTH || wireType == field.getLiteType().getWireType());
  }

  private void add(int more) {
    fields += more;
    if (fields > MOST) {
      throw new BadInput(
          "a request has at most "
              + MOST
              + " fields in all: inputs, outputs, parameters, dimensions, values of under "
              + SMALL_BYTES
              + " bytes");
    }
  }
}
