package dev.gatehouse.exporter.parity;

import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.file.Safetensors.DType;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import java.nio.ByteBuffer;

/** Rows of a file as the engine takes them. */
public final class RawRows {
  private RawRows() {}

  /** All of {@code rows}, U8 or F32 {@code [N, shape of a row]}. */
  public static Rows of(Tensor rows) {
    return of(rows, 0, rows.shape().get(0));
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
  public static Rows of(Tensor rows, int from, int to) {
    int bytes = rows.data().remaining() / rows.shape().get(0);
    ByteBuffer part = rows.data().slice(from * bytes, (to - from) * bytes);
    return rows.dtype() == DType.U8 ? Rows.ofUint8(to - from, part) : Rows.ofFp32(to - from, part);
  }
}
