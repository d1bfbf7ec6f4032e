package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Rows as a client would send them, with the class of each.
 *
 * @param rows {@code U8} or {@code F32} tensor [n, shape...] of raw values, before normalisation
 * @param labels [n] class indices; not to be written to
 */
public record LabelledRows(Tensor rows, int[] labels) {
  /** Checks that there is a label a row. */
  public LabelledRows {
    if (rows.shape().isEmpty() || rows.shape().get(0) != labels.length) {
      throw new BadInput(
          "rows and labels must be equally many; rows="
              + rows.shape()
              + ", labels="
              + labels.length);
    }
  }

  /** Number of rows. */
  public int size() {
    return labels.length;
  }

  /**
   * Rows {@code from} (inclusive) to {@code to} (exclusive); the values are shared, not copied.
   *
   * @throws IndexOutOfBoundsException when the range leaves the rows
   */
  public LabelledRows slice(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    int bytes = bytesPerRow();
    ByteBuffer part = rows.data().slice(from * bytes, (to - from) * bytes);
    return new LabelledRows(
        new Tensor(rows.dtype(), shape(to - from), part), Arrays.copyOfRange(labels, from, to));
  }

  /**
   * The rows at {@code indices}, in that order, copied.
   *
   * @throws IndexOutOfBoundsException when an index names no row
   */
  public LabelledRows take(int[] indices) {
    int bytes = bytesPerRow();
    ByteBuffer source = rows.data();
    ByteBuffer taken = ByteBuffer.allocate(Math.multiplyExact(indices.length, bytes));
    int[] takenLabels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      int row = Objects.checkIndex(indices[i], size());
      taken.put(i * bytes, source, row * bytes, bytes);
      takenLabels[i] = labels[row];
    }
    return new LabelledRows(new Tensor(rows.dtype(), shape(indices.length), taken), takenLabels);
  }

  private int bytesPerRow() {
    return rows.shape().stream().skip(1).reduce(rows.dtype().bytes(), Math::multiplyExact);
  }

  private List<Integer> shape(int count) {
    List<Integer> shape = new ArrayList<>(rows.shape());
    shape.set(0, count);
    return shape;
  }
}
