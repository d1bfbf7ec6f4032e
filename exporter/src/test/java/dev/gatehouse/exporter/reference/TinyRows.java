package dev.gatehouse.exporter.reference;

import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Shape;
import java.util.List;
import java.util.Random;

/**
 * Small pictures of one bright spot on a noisy ground, the class being the quarter it lies in; or
 * rows of a table, the class being what the first column has in its two lowest bits.
 *
 * @param shape shape of a row
 * @param pixels {@code [rows, shape]} bytes, row-major
 * @param labels {@code [rows]}
 */
public record TinyRows(Shape shape, byte[] pixels, int[] labels) {

  static TinyRows draw(InputSpec input, int rows, Random random) {
    return input.columns().isEmpty()
        ? pictures(input.shape(), rows, random)
        : table(input, rows, random);
  }

  private static TinyRows table(InputSpec input, int rows, Random random) {
    List<Column> columns = input.columns();
    byte[] values = new byte[rows * columns.size()];
    int[] labels = new int[rows];
    for (int i = 0; i < values.length; i++) {
      Column column = columns.get(i % columns.size());
      values[i] =
          (byte) random.nextInt(column instanceof Column.Category c ? c.values().size() : 256);
    }
    for (int row = 0; row < rows; row++) {
      labels[row] = values[row * columns.size()] & 3;
    }
    return new TinyRows(input.shape(), values, labels);
  }

  private static TinyRows pictures(Shape shape, int rows, Random random) {
    int height = shape.dims().get(1);
    int width = shape.dims().get(2);
    byte[] pixels = new byte[rows * shape.elements()];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      double y = random.nextDouble() * height;
      double x = random.nextDouble() * width;
      labels[row] = (2 * y < height ? 0 : 2) + (2 * x < width ? 0 : 1);
      double size = 1 + random.nextDouble();
      for (int i = 0; i < shape.elements(); i++) {
        double dy = i / width % height + 0.5 - y;
        double dx = i % width + 0.5 - x;
        double spot = 215 * Math.exp(-(dy * dy + dx * dx) / (2 * size * size));
        pixels[row * shape.elements() + i] = (byte) (int) (spot + 40 * random.nextDouble());
      }
    }
    return new TinyRows(shape, pixels, labels);
  }

  public int size() {
    return labels.length;
  }

  /** A row as raw floats. */
  float[] row(int row) {
    float[] values = new float[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = pixels[row * values.length + i] & 0xff;
    }
    return values;
  }

  /** All rows, {@code [rows, shape]}. */
  public Tensor tensor() {
    return Tensor.of(pixels, shape.batched(size()).toArray(Integer[]::new));
  }
}
