package dev.gatehouse.exporter.onnx;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Shapes of convolutions, pools and matrix products. */
record NetworkShapes(ShapeStep step) {
  void conv(long[] x, long[] weight) {
    ShapeStep.require(x.length >= 3 && weight.length == x.length);
    long[] kernel = Arrays.copyOfRange(weight, 2, weight.length);
    step.out(windows(x, weight[0], kernel, false));
  }

  void pool() {
    long[] x = step.in(0);
    ShapeStep.require(x.length >= 3);
    long[] kernel = step.numbers("kernel_shape", x.length - 2, 0);
    long[] shape = windows(x, x[1], kernel, step.attributes().number("ceil_mode", 0) != 0);
    step.outAt(0, shape);
    step.outAt(1, shape);
  }

  private long[] windows(long[] x, long channels, long[] kernel, boolean up) {
    int spatial = kernel.length;
    long[] strides = step.numbers("strides", spatial, 1);
    long[] dilations = step.numbers("dilations", spatial, 1);
    long[] pads = step.numbers("pads", 2 * spatial, 0);
    String auto = step.attributes().text("auto_pad", "NOTSET");
    long[] shape = x.clone();
    shape[1] = channels;
    for (int i = 0; i < spatial; i++) {
      ShapeStep.require(strides[i] > 0);
      long reach = dilations[i] * (kernel[i] - 1) + 1;
      if (auto.startsWith("SAME")) {
        shape[i + 2] = (x[i + 2] + strides[i] - 1) / strides[i];
      } else {
        long padding = auto.equals("VALID") ? 0 : pads[i] + pads[i + spatial];
        long room = x[i + 2] + padding - reach;
        ShapeStep.require(room >= 0);
        shape[i + 2] = (up ? (room + strides[i] - 1) / strides[i] : room / strides[i]) + 1;
      }
    }
    return shape;
  }

  void convTranspose() {
    long[] x = step.in(0);
    long[] weight = step.in(1);
    ShapeStep.require(x.length >= 3 && weight.length == x.length);
    int spatial = x.length - 2;
    ShapeStep.require(
        step.attributes().text("auto_pad", "NOTSET").equals("NOTSET")
            && step.attributes().find("output_shape").isEmpty());
    long[] strides = step.numbers("strides", spatial, 1);
    long[] dilations = step.numbers("dilations", spatial, 1);
    long[] pads = step.numbers("pads", 2 * spatial, 0);
    long[] more = step.numbers("output_padding", spatial, 0);
    long[] shape = x.clone();
    shape[1] = Math.multiplyExact(weight[1], step.attributes().number("group", 1));
    for (int i = 0; i < spatial; i++) {
      shape[i + 2] =
          strides[i] * (x[i + 2] - 1)
              + more[i]
              + dilations[i] * (weight[i + 2] - 1)
              + 1
              - pads[i]
              - pads[i + spatial];
    }
    step.out(shape);
  }

  void globalPool() {
    long[] shape = step.in(0).clone();
    ShapeStep.require(shape.length >= 2);
    Arrays.fill(shape, 2, shape.length, 1);
    step.out(shape);
  }

  void gemm() {
    long[] a = step.in(0);
    long[] b = step.in(1);
    ShapeStep.require(a.length == 2 && b.length == 2);
    boolean across = step.attributes().number("transA", 0) != 0;
    boolean over = step.attributes().number("transB", 0) != 0;
    ShapeStep.require(a[across ? 0 : 1] == b[over ? 1 : 0]);
    step.out(a[across ? 1 : 0], b[over ? 0 : 1]);
  }

  void matMul(long[] a, long[] b) {
    ShapeStep.require(a.length >= 1 && b.length >= 1);
    long[] left = a.length == 1 ? new long[] {1, a[0]} : a;
    long[] right = b.length == 1 ? new long[] {b[0], 1} : b;
    ShapeStep.require(left[left.length - 1] == right[right.length - 2]);
    long[] batch =
        ArithmeticShapes.broadcast(
            Arrays.copyOf(left, left.length - 2), Arrays.copyOf(right, right.length - 2));
    LongStream.Builder shape = LongStream.builder();
    Arrays.stream(batch).forEach(shape::add);
    if (a.length > 1) {
      shape.add(left[left.length - 2]);
    }
    if (b.length > 1) {
      shape.add(right[right.length - 1]);
    }
    step.out(shape.build().toArray());
  }
}
