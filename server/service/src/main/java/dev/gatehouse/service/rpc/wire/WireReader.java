package dev.gatehouse.service.rpc.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the encoding of Protocol Buffers from a buffer, field by field. Stricter than the library:
 * what is rare or wrong throws {@link Unusual}, so that the library reads such a message, and says
 * what is wrong with it.
 *
 * <p>Encoding: protobuf.dev, "Encoding", wire types 0, 1, 2 and 5. Not thread-safe.
 */
public final class WireReader {
  /** Wire type of a varint. */
  public static final int VARINT = 0;

  /** Wire type of bytes, strings, messages and packed lists. */
  public static final int LENGTH = 2;

  private static final int FIXED64 = 1;
  private static final int FIXED32 = 5;
  private static final int MOST_VARINT_BYTES = 10;

  private final ByteBuffer bytes;
  private int position;
  private final int limit;

  /** What this reader leaves to the library. */
  public static final class Unusual extends Exception {
    private static final long serialVersionUID = 1;

    /** Without a stack trace: it is caught at once. */
    public Unusual(String what) {
      super(what, null, false, false);
    }
  }

  /** Reads from {@code from} to the byte before {@code to}. */
  public WireReader(ByteBuffer bytes, int from, int to) {
    this.bytes = bytes;
    this.position = from;
    this.limit = to;
  }

  /** True while there are fields. */
  public boolean hasMore() {
    return position < limit;
  }

  /** The next field's key: its number times 8 plus its wire type. */
  public int key() throws Unusual {
    long key = varint();
    if (key < 1 << 3 || key > Integer.MAX_VALUE) {
      throw new Unusual("a key of " + key);
    }
    return (int) key;
  }

  /** A varint. */
  public long varint() throws Unusual {
    long value = 0;
    for (int i = 0; i < MOST_VARINT_BYTES; i++) {
      byte next = next();
      value |= (long) (next & 0x7f) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw new Unusual("a varint of more than 10 bytes");
  }

  /** A reader of the bytes behind the length that comes next; this one goes on behind them. */
  public WireReader nested() throws Unusual {
    int length = length();
    WireReader nested = new WireReader(bytes, position, position + length);
    position += length;
    return nested;
  }

  /** The bytes behind the length that comes next; a view. */
  public ByteBuffer slice() throws Unusual {
    int length = length();
    ByteBuffer slice = bytes.slice(position, length);
    position += length;
    return slice;
  }

  /** The text behind the length that comes next, when it is ASCII. */
  public String ascii() throws Unusual {
    int length = length();
    byte[] text = new byte[length];
    bytes.get(position, text);
    for (byte character : text) {
      if (character < 0) {
        throw new Unusual("text beyond ASCII");
      }
    }
    position += length;
    return new String(text, StandardCharsets.US_ASCII);
  }

  /** Passes over the value of a field that nobody knows. */
  public void skip(int key) throws Unusual {
    switch (key & 7) {
      case VARINT -> varint();
      case FIXED64 -> pass(Long.BYTES);
      case LENGTH -> pass(length());
      case FIXED32 -> pass(Integer.BYTES);
      default -> throw new Unusual("a group");
    }
  }

  private int length() throws Unusual {
    long length = varint();
    if (length < 0 || length > limit - position) {
      throw new Unusual("a length beyond the end");
    }
    return (int) length;
  }

  private void pass(int count) throws Unusual {
    if (count > limit - position) {
      throw new Unusual("a value beyond the end");
    }
    position += count;
  }

  private byte next() throws Unusual {
    if (position >= limit) {
      throw new Unusual("the end within a varint");
    }
    return bytes.get(position++);
  }
}
