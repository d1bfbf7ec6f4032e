package dev.gatehouse.engine.tensor;

import dev.gatehouse.proto.BadInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A batch of rows as raw values, before normalisation. The values belong to whoever made the batch
 * and must not change while a prediction runs.
 *
 * @param count rows of the batch, 0 or more
 * @param values {@code [count, elements of a row]} row-major; a direct buffer in native order, from
 *     its position to its limit
 */
public record Rows(int count, FloatBuffer values) implements RowSource {
  /** Checks that the values can be used without a copy, and make whole rows. */
  public Rows {
    if (!values.isDirect() || values.order() != ByteOrder.nativeOrder()) {
      throw new IllegalArgumentException("rows need a direct buffer in native order");
    }
    int length = values.remaining();
    if (count < 0 || (count == 0 ? length != 0 : length % count != 0)) {
      throw new BadInput(length + " values do not make " + count + " rows");
    }
  }

  /** A view with a position of its own. */
  @Override
  public FloatBuffer values() {
    return values.duplicate();
  }

  @Override
  public int rowLength() {
    return count == 0 ? 0 : values.remaining() / count;
  }

  @Override
  public void write(int from, int rows, FloatBuffer target, int at) {
    int length = rowLength();
    target.put(at, values, values.position() + from * length, rows * length);
  }

  /** Copies {@code values}, {@code [count, elements of a row]}. */
  public static Rows of(int count, float[] values) {
    FloatBuffer direct = direct(values.length);
    direct.put(0, values);
    return new Rows(count, direct);
  }

  /**
   * Copies unsigned bytes.
   *
   * @param bytes {@code [count, elements of a row]}, from position to limit; left as it is
   */
  public static Rows ofUint8(int count, ByteBuffer bytes) {
    int start = bytes.position();
    FloatBuffer direct = direct(bytes.remaining());
    for (int i = 0; i < direct.capacity(); i++) {
      direct.put(i, bytes.get(start + i) & 0xff);
    }
    return new Rows(count, direct);
  }

  /**
   * Copies 32-bit floats.
   *
   * @param littleEndian {@code [count, elements of a row]}, from position to limit; left as it is
   * @throws BadInput when the bytes are no whole number of floats
   */
  public static Rows ofFp32(int count, ByteBuffer littleEndian) {
    if (littleEndian.remaining() % Float.BYTES != 0) {
      throw new BadInput(
          "FP32 values have 4 bytes each; " + littleEndian.remaining() + " bytes are no multiple");
    }
    FloatBuffer source = littleEndian.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    FloatBuffer direct = direct(source.remaining());
    direct.put(0, source, 0, source.remaining());
    return new Rows(count, direct);
  }

  private static FloatBuffer direct(int elements) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(elements, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
