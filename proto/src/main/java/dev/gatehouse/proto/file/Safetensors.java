package dev.gatehouse.proto.file;

import dev.gatehouse.proto.BadInput;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Named arrays in the safetensors format, which other languages read too.
 *
 * <p>Layout (huggingface/safetensors, "Format"): 8 bytes, unsigned little-endian, the header's
 * length N; N bytes of UTF-8 JSON, an object that maps each name to {@code {"dtype", "shape",
 * "data_offsets": [begin, end]}} and {@code __metadata__} to an object of strings; then the arrays'
 * bytes, row-major, little-endian, without gaps. Names are written in their natural order, so that
 * the same content gives the same bytes.
 *
 * @param metadata strings that describe the file as a whole
 * @param tensors arrays by name, in natural order
 */
public record Safetensors(Map<String, String> metadata, Map<String, Tensor> tensors) {
  private static final String METADATA = "__metadata__";
  private static final int LONGEST_HEADER = 100_000_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Copies both maps. */
  public Safetensors {
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    tensors = Collections.unmodifiableMap(new TreeMap<>(tensors));
  }

  /** The element types that Gatehouse uses. */
  public enum DType {
    /** Unsigned bytes. */
    U8(1),
    /** 32-bit signed integers. */
    I32(4),
    /** 64-bit signed integers. */
    I64(8),
    /** IEEE 754 binary32. */
    F32(4);

    private final int bytes;

    DType(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes an element. */
    public int bytes() {
      return bytes;
    }
  }

  /**
   * One array.
   *
   * @param dtype element type
   * @param shape dimensions; empty for a scalar
   * @param data the elements, row-major, little-endian; position 0
   */
  public record Tensor(DType dtype, List<Integer> shape, ByteBuffer data) {
    /** Checks that the data holds exactly the shape's elements. */
    public Tensor {
      shape = List.copyOf(shape);
      data = data.slice().order(ByteOrder.LITTLE_ENDIAN).asReadOnlyBuffer();
      data.order(ByteOrder.LITTLE_ENDIAN);
      long expected = dtype.bytes();
      for (int d : shape) {
        expected = Math.multiplyExact(expected, d);
      }
      if (expected != data.remaining()) {
        throw new BadInput(
            "a tensor of shape "
                + shape
                + " holds "
                + expected
                + " bytes of "
                + dtype
                + ", not "
                + data.remaining());
      }
    }

    /** The elements; a view with its own position, little-endian. */
    @Override
    public ByteBuffer data() {
      return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Floats of {@code shape}. */
    public static Tensor of(float[] values, Integer... shape) {
      ByteBuffer bytes =
          ByteBuffer.allocate(Math.multiplyExact(values.length, 4)).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      return new Tensor(DType.F32, List.of(shape), bytes);
    }

    /** 32-bit integers of {@code shape}. */
    public static Tensor of(int[] values, Integer... shape) {
      ByteBuffer bytes =
          ByteBuffer.allocate(Math.multiplyExact(values.length, 4)).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asIntBuffer().put(values);
      return new Tensor(DType.I32, List.of(shape), bytes);
    }

    /** Unsigned bytes of {@code shape}. */
    public static Tensor of(byte[] values, Integer... shape) {
      return new Tensor(DType.U8, List.of(shape), ByteBuffer.wrap(values.clone()));
    }

    /** All elements as floats; {@code U8} elements become 0 to 255. */
    public float[] floats() {
      ByteBuffer bytes = data();
      if (dtype == DType.U8) {
        float[] values = new float[bytes.remaining()];
        for (int i = 0; i < values.length; i++) {
          values[i] = bytes.get(i) & 0xff;
        }
        return values;
      }
      require(DType.F32);
      float[] values = new float[bytes.remaining() / 4];
      bytes.asFloatBuffer().get(values);
      return values;
    }

    /** All elements of an {@code I32} tensor. */
    public int[] ints() {
      require(DType.I32);
      int[] values = new int[data.remaining() / 4];
      data().asIntBuffer().get(values);
      return values;
    }

    private void require(DType wanted) {
      if (dtype != wanted) {
        throw new BadInput("a tensor of " + dtype + " where " + wanted + " is needed");
      }
    }
  }

  /**
   * The tensor called {@code name}.
   *
   * @throws BadInput when there is none, or its shape is another
   */
  public Tensor tensor(String name, List<Integer> shape) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new BadInput("no tensor named " + name + "; there are " + tensors.keySet());
    }
    if (!tensor.shape().equals(shape)) {
      throw new BadInput(
          "tensor " + name + " has shape " + tensor.shape() + " where " + shape + " is needed");
    }
    return tensor;
  }

  /** Writes the file atomically. */
  public void write(Path file) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode strings = header.putObject(METADATA);
      metadata.forEach(strings::put);
    }
    List<ByteBuffer> parts = new ArrayList<>();
    long offset = 0;
    for (var entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      ObjectNode node = header.putObject(entry.getKey());
      node.put("dtype", tensor.dtype().name());
      var shape = node.putArray("shape");
      tensor.shape().forEach(shape::add);
      long end = offset + tensor.data().remaining();
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
      parts.add(tensor.data());
    }
    StringBuilder text = new StringBuilder(JSON.writeValueAsString(header));
    // The format pads with spaces so that the data begin at a multiple of 8.
    while (text.toString().getBytes(StandardCharsets.UTF_8).length % 8 != 0) {
      text.append(' ');
    }
    byte[] json = text.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    length.putLong(0, json.length);
    parts.add(0, length);
    parts.add(1, ByteBuffer.wrap(json));
    AtomicFiles.write(file, parts.toArray(ByteBuffer[]::new));
  }

  /**
   * Reads a whole file, of any length; each array of it has less than 2 GiB.
   *
   * @throws BadInput when the file is missing, does not fit into memory or breaks the format: a
   *     header longer than the file, offsets out of range or overlapping, a shape that does not fit
   *     its bytes, an element type that Gatehouse does not use
   */
  public static Safetensors read(Path file) {
    try {
      return read(file, ByteBuffer::allocate);
    } catch (OutOfMemoryError e) {
      throw new BadInput(file + ": does not fit into memory", e);
    }
  }

  /**
   * The same.
   *
   * @param memory makes the room of so many bytes that an array is read into
   */
  static Safetensors read(Path file, IntFunction<ByteBuffer> memory) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return parse(new Source(file.toString(), channel, memory));
    } catch (java.nio.file.NoSuchFileException e) {
      throw new BadInput(file + ": no such file", e);
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** An open file, {@code where} naming it in messages. */
  private record Source(String where, FileChannel channel, IntFunction<ByteBuffer> memory) {
    private static final int PIECE = 1 << 20;

    /** Bytes from {@code at} on; in pieces, since the JDK copies each through memory of its own. */
    ByteBuffer bytes(long at, int length) throws IOException {
      ByteBuffer all = memory.apply(length);
      for (int done = 0; done < length; ) {
        all.limit(Math.min(length, done + PIECE)).position(done);
        int read = channel.read(all, at + done);
        if (read < 0) {
          throw new EOFException("it became shorter meanwhile");
        }
        done += read;
      }
      return all.limit(length).position(0).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private static Safetensors parse(Source file) throws IOException {
    long size = file.channel().size();
    if (size < 8) {
      throw new BadInput(file.where() + ": " + size + " bytes are no safetensors file");
    }
    long length = file.bytes(0, 8).getLong(0);
    if (length < 2 || length > LONGEST_HEADER || length > size - 8) {
      throw new BadInput(
          file.where() + ": the header claims " + length + " bytes; the file has " + size);
    }
    byte[] json = new byte[(int) length];
    file.bytes(8, (int) length).get(json);
    JsonNode header;
    try {
      header = JSON.readTree(new String(json, StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw new BadInput(file.where() + ": the header is no JSON: " + e.getOriginalMessage(), e);
    }
    return parse(header, file, 8 + length);
  }

  /** {@code start} is where the arrays' bytes begin. */
  private static Safetensors parse(JsonNode header, Source file, long start) throws IOException {
    if (!header.isObject()) {
      throw new BadInput(file.where() + ": the header is no JSON object");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, JsonNode> nodes = new LinkedHashMap<>();
    for (var entry : header.properties()) {
      if (entry.getKey().equals(METADATA)) {
        entry
            .getValue()
            .properties()
            .forEach(p -> metadata.put(p.getKey(), p.getValue().asString()));
      } else {
        nodes.put(entry.getKey(), entry.getValue());
      }
    }
    // Before anything is read: arrays that overlap could take more memory than the file is long.
    requireNoGap(nodes, file.channel().size() - start, file.where());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (var entry : nodes.entrySet()) {
      tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue(), file, start));
    }
    return new Safetensors(metadata, tensors);
  }

  private static void requireNoGap(Map<String, JsonNode> nodes, long end, String where) {
    TreeMap<Long, Long> ranges = new TreeMap<>();
    for (var entry : nodes.entrySet()) {
      JsonNode offsets = entry.getValue().path("data_offsets");
      long from = offsets.path(0).asLong(-1);
      long to = offsets.path(1).asLong(-1);
      if (from < 0 || to < from || to > end || to - from > Integer.MAX_VALUE) {
        throw new BadInput(
            "%s: tensor %s lies at %s of %d bytes".formatted(where, entry.getKey(), offsets, end));
      }
      if (to > from && ranges.put(from, to) != null) {
        throw new BadInput(where + ": the arrays leave a gap or overlap at byte " + from);
      }
    }
    long at = 0;
    for (var range : ranges.entrySet()) {
      if (range.getKey() != at) {
        throw new BadInput(where + ": the arrays leave a gap or overlap at byte " + at);
      }
      at = range.getValue();
    }
    if (at != end) {
      throw new BadInput(where + ": the arrays take " + at + " bytes; the file holds " + end);
    }
  }

  private static Tensor tensor(String name, JsonNode node, Source file, long start)
      throws IOException {
    String where = file.where();
    long begin = node.path("data_offsets").path(0).asLong();
    int length = Math.toIntExact(node.path("data_offsets").path(1).asLong() - begin);
    DType dtype;
    try {
      dtype = DType.valueOf(node.path("dtype").asString(""));
    } catch (IllegalArgumentException e) {
      throw new BadInput(
          where
              + ": tensor "
              + name
              + " has element type "
              + node.path("dtype")
              + "; known are "
              + List.of(DType.values()),
          e);
    }
    List<Integer> shape = new ArrayList<>();
    for (JsonNode d : node.path("shape")) {
      if (!d.isInt() || d.intValue() < 0) {
        throw new BadInput(where + ": tensor " + name + " has shape " + node.path("shape"));
      }
      shape.add(d.intValue());
    }
    try {
      return new Tensor(dtype, shape, file.bytes(start + begin, length));
    } catch (BadInput | ArithmeticException e) {
      throw new BadInput(where + ": tensor " + name + ": " + e.getMessage(), e);
    }
  }
}
