package dev.gatehouse.exporter.reference;

import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.Shape;
import java.util.Random;

/**
 * Small pictures of one bright spot on a noisy ground; the class is the quarter it lies in.
 *
 * @param shape {@code [channels, height, width]}
 * @param pixels {@code [rows, shape]} bytes, row-major
 * @param labels {@code [rows]}
 */
public record TinyRows(Shape shape, byte[] pixels, int[] labels) {

  static TinyRows draw(Shape shape, int rows, Random random) {
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
