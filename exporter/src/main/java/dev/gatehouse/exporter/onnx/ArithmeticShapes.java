package dev.gatehouse.exporter.onnx;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Shapes of arithmetic with broadcasting, of reductions and choices. */
record ArithmeticShapes(ShapeStep step) {
  void broadcast() {
    long[] shape = step.in(0);
    for (int i = 1; i < step.node().getInputCount(); i++) {
      shape = broadcast(shape, step.in(i));
    }
    step.out(shape);
  }

  static long[] broadcast(long[] a, long[] b) {
    long[] shape = new long[Math.max(a.length, b.length)];
    for (int i = 1; i <= shape.length; i++) {
      long left = i <= a.length ? a[a.length - i] : 1;
      long right = i <= b.length ? b[b.length - i] : 1;
      ShapeStep.require(left == right || left == 1 || right == 1);
      shape[shape.length - i] = left == 1 ? right : left;
    }
    return shape;
  }

  /** Of numbers that shapes are made of. */
  void arithmetic(String op) {
    if (step.node().getInputCount() != 2
        || step.numbersOf(0) == null
        || step.numbersOf(1) == null) {
      return;
    }
    long[] a = step.known(0);
    long[] b = step.known(1);
    if (a.length != b.length && a.length != 1 && b.length != 1) {
      return;
    }
    long[] values = new long[Math.max(a.length, b.length)];
    for (int i = 0; i < values.length; i++) {
      long left = a[a.length == 1 ? 0 : i];
      long right = b[b.length == 1 ? 0 : i];
      switch (op) {
        case "Add" -> values[i] = Math.addExact(left, right);
        case "Sub" -> values[i] = Math.subtractExact(left, right);
        case "Mul" -> values[i] = Math.multiplyExact(left, right);
        case "Div" -> values[i] = left / right;
        default -> {
          return;
        }
      }
    }
    step.outNumbers(values);
  }

  void reduce() {
    long[] x = step.in(0);
    boolean keep = step.attributes().number("keepdims", 1) != 0;
    long[] axes = step.has(1) ? step.known(1) : step.attributes().numbers("axes", 0, 0);
    if (axes.length == 0 && step.attributes().number("noop_with_empty_axes", 0) != 0) {
      step.out(x);
      return;
    }
    boolean[] gone = new boolean[x.length];
    Arrays.fill(gone, axes.length == 0);
    for (long axis : axes) {
      gone[step.axis(axis, x.length)] = true;
    }
    step.out(without(x, gone, keep));
  }

  static long[] without(long[] shape, boolean[] gone, boolean keep) {
    LongStream.Builder left = LongStream.builder();
    for (int i = 0; i < shape.length; i++) {
      if (!gone[i]) {
        left.add(shape[i]);
      } else if (keep) {
        left.add(1);
      }
    }
    return left.build().toArray();
  }

  void argMax() {
    long[] x = step.in(0);
    boolean[] gone = new boolean[x.length];
    gone[step.axis(step.attributes().number("axis", 0), x.length)] = true;
    step.out(without(x, gone, step.attributes().number("keepdims", 1) != 0));
  }

  void topK() {
    long[] shape = step.in(0).clone();
    long[] k = step.known(1);
    ShapeStep.require(k.length == 1);
    shape[step.axis(step.attributes().number("axis", -1), shape.length)] = k[0];
    step.outAt(0, shape);
    step.outAt(1, shape);
  }

  void oneHot() {
    long[] indices = step.in(0);
    long[] depth = step.known(1);
    ShapeStep.require(depth.length == 1);
    int at = step.axis(step.attributes().number("axis", -1), indices.length + 1);
    step.out(inserted(indices, at, depth[0]));
  }

  private static long[] inserted(long[] shape, int at, long size) {
    long[] more = new long[shape.length + 1];
    System.arraycopy(shape, 0, more, 0, at);
    more[at] = size;
    System.arraycopy(shape, at, more, at + 1, shape.length - at);
    return more;
  }
}
