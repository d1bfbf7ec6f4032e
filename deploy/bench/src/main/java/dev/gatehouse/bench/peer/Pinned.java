package dev.gatehouse.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Direct memory for rows, and a tensor over its first rows for each number of them. */
final class Pinned implements AutoCloseable {
  private final FloatBuffer values;
  private final int rowLength;
  private final List<Map<String, OnnxTensor>> first = new ArrayList<>();

  /** Memory and tensors for up to {@code capacity} rows of the input or output {@code name}. */
  Pinned(String name, List<Integer> rowShape, int capacity) {
    rowLength = rowShape.stream().reduce(1, Math::multiplyExact);
    values =
        ByteBuffer.allocateDirect(Math.multiplyExact(capacity * Float.BYTES, rowLength))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    long[] shape = new long[rowShape.size() + 1];
    for (int i = 0; i < rowShape.size(); i++) {
      shape[i + 1] = rowShape.get(i);
    }
    try {
      for (int rows = 1; rows <= capacity; rows++) {
        shape[0] = rows;
        FloatBuffer part = values.slice(0, rows * rowLength);
        first.add(
            Map.of(
                name,
                OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), part, shape.clone())));
      }
    } catch (OrtException e) {
      close();
      throw new IllegalStateException(name + ": no tensor can be made", e);
    }
  }

  FloatBuffer values() {
    return values;
  }

  int rowLength() {
    return rowLength;
  }

  /** The tensor over the first rows, by its name. */
  Map<String, OnnxTensor> first(int rows) {
    return first.get(rows - 1);
  }

  /** A copy of the first rows. */
  float[] copy(int rows) {
    float[] copied = new float[rows * rowLength];
    values.get(0, copied);
    return copied;
  }

  @Override
  public void close() {
    first.forEach(tensors -> tensors.values().forEach(OnnxTensor::close));
    first.clear();
  }
}
