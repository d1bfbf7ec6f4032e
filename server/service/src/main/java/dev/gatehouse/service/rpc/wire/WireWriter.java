package dev.gatehouse.service.rpc.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes the encoding of Protocol Buffers into an array that grows. Nested messages are written
 * first, each with a writer of its own, since their length goes before them.
 *
 * <p>Encoding: protobuf.dev, "Encoding". Not thread-safe.
 */
public final class WireWriter {
  private byte[] bytes;
  private int size;

  /** An empty message that is expected to take {@code bytes}. */
  public WireWriter(int bytes) {
    this.bytes = new byte[bytes];
  }

  /** A field of text, encoded as UTF-8; left out when empty, as the library does. */
  public void text(int field, byte[] utf8) {
    if (utf8.length > 0) {
      bytes(field, utf8, utf8.length);
    }
  }

  /** A field that is a message. */
  public void message(int field, WireWriter message) {
    bytes(field, message.bytes, message.size);
  }

  /** A field that is a packed list of numbers; left out when empty. */
  public void packed(int field, long... values) {
    if (values.length == 0) {
      return;
    }
    int length = 0;
    for (long value : values) {
      length += varintSize(value);
    }
    length(field, length);
    for (long value : values) {
      varint(value);
    }
  }

  /** A field of bytes: floats, little-endian. */
  public void floats(int field, float[] values) {
    ByteBuffer to = raw(field, values.length * Float.BYTES);
    for (float value : values) {
      to.putFloat(value);
    }
  }

  /** A field of bytes: 64-bit integers, little-endian. */
  public void longs(int field, int[] values) {
    ByteBuffer to = raw(field, values.length * Long.BYTES);
    for (int value : values) {
      to.putLong(value);
    }
  }

  /** Everything that was written. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private ByteBuffer raw(int field, int length) {
    length(field, length);
    int at = size;
    size += length;
    return ByteBuffer.wrap(bytes, at, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void bytes(int field, byte[] value, int length) {
    length(field, length);
    System.arraycopy(value, 0, bytes, size, length);
    size += length;
  }

  /** The key of a field of bytes, its length, and room for them. */
  private void length(int field, int length) {
    reserve(10 + length);
    varint((long) field << 3 | WireReader.LENGTH);
    varint(length);
  }

  private void varint(long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      bytes[size++] = (byte) ((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    bytes[size++] = (byte) left;
  }

  private static int varintSize(long value) {
    return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
