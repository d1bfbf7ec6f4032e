package dev.gatehouse.service.rpc.wire;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the encoding of Protocol Buffers into an array that grows.
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
  public void text(int field, String text) {
    if (!text.isEmpty()) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      length(field, utf8.length);
      System.arraycopy(utf8, 0, bytes, size, utf8.length);
      size += utf8.length;
    }
  }

  /**
   * A field that is a message: some fields, and behind them a packed list of numbers.
   *
   * @param fields encoded already
   * @param listField the list's field
   * @param list its numbers, one or more
   */
  public void message(int field, ByteString fields, int listField, long... list) {
    int listBytes = 0;
    for (long value : list) {
      listBytes += varintSize(value);
    }
    long listKey = key(listField);
    length(field, fields.size() + varintSize(listKey) + varintSize(listBytes) + listBytes);
    fields.copyTo(bytes, size);
    size += fields.size();
    varint(listKey);
    varint(listBytes);
    for (long value : list) {
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

  /** The key of a field of bytes, its length, and room for them. */
  private void length(int field, int length) {
    reserve(10 + length);
    varint(key(field));
    varint(length);
  }

  /** Key of a field of bytes. */
  private static long key(int field) {
    return (long) field << 3 | WireReader.LENGTH;
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
