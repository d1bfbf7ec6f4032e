package dev.gatehouse.proto.file;

import dev.gatehouse.proto.BadInput;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One array in NumPy's NPY format (NEP 1, "A Simple File Format for NumPy Arrays"): the bytes 93
 * {@code NUMPY}, two bytes of version, the length of the header, the header as a Python dictionary,
 * the elements.
 *
 * @param where names the array in messages
 * @param type element type
 * @param shape dimensions
 * @param data the elements, row-major, little-endian
 */
public record NpyArray(String where, Type type, List<Integer> shape, ByteBuffer data) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 1 << 16;
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \\(([\\d, ]*)\\), *}\\s*");

  /** The element types that are read, all little-endian. */
  public enum Type {
    /** Unsigned bytes. */
    U1("|u1", 1),
    /** 32-bit signed integers. */
    I4("<i4", 4),
    /** 64-bit signed integers. */
    I8("<i8", 8),
    /** IEEE 754 binary32. */
    F4("<f4", 4),
    /** IEEE 754 binary64. */
    F8("<f8", 8);

    private final String code;
    private final int bytes;

    Type(String code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    /** True for integers. */
    public boolean isWhole() {
      return this != F4 && this != F8;
    }
  }

  /**
   * Reads an array to the end of a stream.
   *
   * @param where names the array in messages
   * @param mostBytes more than the stream can hold, so that a header cannot claim any amount of
   *     memory
   * @throws BadInput when it is no such array, of another element type or order, cut short or
   *     over-long
   */
  public static NpyArray read(String where, InputStream in, long mostBytes) throws IOException {
    Matcher header = HEADER.matcher(header(where, in));
    if (!header.matches()) {
      throw new BadInput(where + ": its header is none of a plain array");
    }
    Type type = type(where, header.group(1));
    if (header.group(2).equals("True")) {
      throw new BadInput(
          where + ": is in Fortran order; save it with numpy.ascontiguousarray first");
    }
    List<Integer> shape = shape(where, header.group(3));
    long bytes = type.bytes;
    for (int d : shape) {
      bytes = Math.min(Long.MAX_VALUE >> 32, bytes * d);
    }
    if (bytes > Math.min(mostBytes, Integer.MAX_VALUE - 8)) {
      throw new BadInput(
          "%s: its header announces %s elements of %d bytes; that is more than is there, or fits"
              .formatted(where, shape, type.bytes));
    }
    byte[] data = in.readNBytes((int) bytes);
    if (data.length < bytes || in.read() >= 0) {
      throw new BadInput(
          "%s: its header announces %d bytes of elements; %s"
              .formatted(
                  where,
                  bytes,
                  data.length < bytes ? data.length + " follow" : "more bytes follow them"));
    }
    return new NpyArray(where, type, shape, ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN));
  }

  /**
   * Reads a file of one array.
   *
   * @throws BadInput when it is missing or cannot be read, and as {@link #read(String, InputStream,
   *     long)}
   */
  public static NpyArray read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInput(file + ": no such file");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return read(file.toString(), in, Files.size(file));
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static String header(String where, InputStream in) throws IOException {
    if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
      throw new BadInput(where + ": is no NPY array");
    }
    int major = required(in, 2).get(0);
    int length =
        major == 1 ? Short.toUnsignedInt(required(in, 2).getShort(0)) : required(in, 4).getInt(0);
    if (length < 0 || length > LONGEST_HEADER) {
      throw new BadInput(where + ": its header of " + length + " bytes is too long");
    }
    return new String(required(in, length).array(), StandardCharsets.UTF_8);
  }

  private static ByteBuffer required(InputStream in, int bytes) throws IOException {
    byte[] read = in.readNBytes(bytes);
    if (read.length < bytes) {
      throw new EOFException("it ends within its header");
    }
    return ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Type type(String where, String code) {
    return Stream.of(Type.values())
        .filter(type -> type.code.equals(code))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInput(
                    "%s: has elements of type '%s'; read are %s"
                        .formatted(
                            where,
                            code,
                            Stream.of(Type.values())
                                .map(type -> type.code)
                                .collect(Collectors.joining(", ")))));
  }

  private static List<Integer> shape(String where, String text) {
    try {
      return Stream.of(text.split(","))
          .map(String::strip)
          .filter(dim -> !dim.isEmpty())
          .map(Integer::valueOf)
          .toList();
    } catch (NumberFormatException e) {
      throw new BadInput(where + ": has the shape (" + text + "), more than is read", e);
    }
  }

  /** Rows of the array. */
  public int rows() {
    return shape.isEmpty() ? 0 : shape.get(0);
  }

  /**
   * The elements as little-endian 32-bit floats, row-major.
   *
   * @throws BadInput when one is not finite, or not as a 32-bit number
   */
  public ByteBuffer floats() {
    int elements = shape.stream().reduce(1, Math::multiplyExact);
    ByteBuffer floats =
        ByteBuffer.allocate(Math.multiplyExact(4, elements)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      float value = (float) get(i);
      if (!Float.isFinite(value)) {
        throw new BadInput(
            "%s: row %d holds %s, which is no finite 32-bit number"
                .formatted(where, i / (elements / rows()), get(i)));
      }
      floats.putFloat(value);
    }
    return floats.flip();
  }

  /** Element {@code i}, row-major. */
  public double get(int i) {
    return switch (type) {
      case U1 -> data.get(i) & 0xff;
      case I4 -> data.getInt(4 * i);
      case I8 -> data.getLong(8 * i);
      case F4 -> data.getFloat(4 * i);
      case F8 -> data.getDouble(8 * i);
    };
  }
}
