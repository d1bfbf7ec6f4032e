package dev.gatehouse.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.gatehouse.proto.BadInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Direct memory for the rows of one input or output, and the tensors over it: one for each number
 * of rows, made the first time it is needed and used again, so that a run makes none. The memory
 * grows to the largest batch.
 *
 * <p>Not thread-safe: it belongs to one run at a time.
 */
public final class PinnedRows implements AutoCloseable {
  private final String name;
  private final long[] shape;
  private final int length;
  private FloatBuffer values;
  private LongBuffer pairs;
  private @Nullable Map<String, OnnxTensor>[] first;

  /**
   * No memory yet.
   *
   * @param name of the input or output
   * @param rowShape shape of a row
   */
  public PinnedRows(String name, List<Integer> rowShape) {
    this.name = name;
    this.shape = new long[rowShape.size() + 1];
    int elements = 1;
    for (int i = 0; i < rowShape.size(); i++) {
      shape[i + 1] = rowShape.get(i);
      elements = Math.multiplyExact(elements, rowShape.get(i));
    }
    this.length = elements;
    this.values = direct(0).asFloatBuffer();
    this.pairs = direct(0).asLongBuffer();
    this.first = slots(0);
  }

  /** Elements of a row. */
  public int rowLength() {
    return length;
  }

  /** Rows that there is memory for. */
  public int capacity() {
    return first.length - 1;
  }

  /**
   * Makes sure of memory for {@code rows}; where that takes new memory, the values are lost.
   *
   * @throws BadInput when there cannot be a buffer of so many rows
   */
  public void reserve(int rows) {
    if (rows > capacity()) {
      int most = Integer.MAX_VALUE / Float.BYTES / length;
      if (rows > most) {
        throw new BadInput(
            "%s of %d values a row: %d rows are more than the %d that fit a buffer"
                .formatted(name, length, rows, most));
      }
      int capacity = Math.min(roundedUp(rows), most);
      ByteBuffer larger = direct(Math.multiplyExact(capacity, length));
      close();
      values = larger.asFloatBuffer();
      pairs = larger.asLongBuffer();
      first = slots(capacity);
    }
  }

  /** The elements of all rows, row-major, native order; index 0 is the first row's first. */
  public FloatBuffer values() {
    return values;
  }

  /**
   * The bits of {@link #values} two by two: what stands at index i are the values at 2 i and 2 i +
   * 1.
   */
  public LongBuffer pairs() {
    return pairs;
  }

  /** The tensor of the first {@code rows}, by its name. */
  Map<String, OnnxTensor> first(int rows) throws OrtException {
    Map<String, OnnxTensor> known = first[rows];
    if (known == null) {
      known = Map.of(name, part(0, rows));
      first[rows] = known;
    }
    return known;
  }

  /** A new tensor of {@code rows} from row {@code from} on; whoever asks for it closes it. */
  OnnxTensor part(int from, int rows) throws OrtException {
    shape[0] = rows;
    return OnnxTensor.createTensor(
        OnnxRuntime.environment(), values.slice(from * length, rows * length), shape);
  }

  /** Name of the input or output. */
  String name() {
    return name;
  }

  /** Frees the tensors; the memory goes with this object. A second call does nothing. */
  @Override
  public void close() {
    for (Map<String, OnnxTensor> tensors : first) {
      if (tensors != null) {
        tensors.values().forEach(OnnxTensor::close);
      }
    }
    first = slots(0);
    values = direct(0).asFloatBuffer();
    pairs = direct(0).asLongBuffer();
  }

  /** A power of two, so that batches that grow by a row do not each take new memory. */
  private static int roundedUp(int rows) {
    int power = Integer.highestOneBit(rows);
    return power < rows && power < 1 << 30 ? power << 1 : rows;
  }

  private static ByteBuffer direct(int elements) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(elements, Float.BYTES))
        .order(ByteOrder.nativeOrder());
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static @Nullable Map<String, OnnxTensor>[] slots(int capacity) {
    return new Map[capacity + 1];
  }
}
