package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Shapes of operators that lay elements out otherwise, and the numbers that shapes are made of. */
record LayoutShapes(ShapeStep step) {
  void expand() {
    step.out(ArithmeticShapes.broadcast(step.in(0), step.known(1)));
  }

  void flatten() {
    long[] x = step.in(0);
    long written = step.attributes().number("axis", 1);
    int at = written == x.length ? x.length : step.axis(written, x.length);
    step.out(Shapes.product(x, 0, at), Shapes.product(x, at, x.length));
  }

  void reshape() {
    long[] x = step.in(0);
    long[] wanted = step.known(1).clone();
    boolean zeroIsZero = step.attributes().number("allowzero", 0) != 0;
    int open = -1;
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] == 0 && !zeroIsZero) {
        ShapeStep.require(i < x.length);
        wanted[i] = x[i];
      } else if (wanted[i] == -1) {
        ShapeStep.require(open < 0);
        open = i;
      }
    }
    long all = Shapes.product(x, 0, x.length);
    if (open >= 0) {
      wanted[open] = 1;
      long rest = Shapes.product(wanted, 0, wanted.length);
      ShapeStep.require(rest > 0 && all % rest == 0);
      wanted[open] = all / rest;
    }
    ShapeStep.require(Shapes.product(wanted, 0, wanted.length) == all);
    step.out(wanted);
    step.keepNumbers();
  }

  void squeeze() {
    long[] x = step.in(0);
    boolean[] gone = new boolean[x.length];
    if (step.has(1)) {
      for (long axis : step.known(1)) {
        gone[step.axis(axis, x.length)] = true;
      }
    } else {
      for (int i = 0; i < x.length; i++) {
        gone[i] = x[i] == 1;
      }
    }
    step.out(ArithmeticShapes.without(x, gone, false));
    step.keepNumbers();
  }

  void unsqueeze() {
    long[] axes = step.known(1);
    int rank = step.in(0).length + axes.length;
    boolean[] fresh = new boolean[rank];
    for (long axis : axes) {
      int at = step.axis(axis, rank);
      ShapeStep.require(!fresh[at]);
      fresh[at] = true;
    }
    long[] shape = new long[rank];
    int from = 0;
    for (int i = 0; i < rank; i++) {
      shape[i] = fresh[i] ? 1 : step.in(0)[from++];
    }
    step.out(shape);
    step.keepNumbers();
  }

  void transpose() {
    long[] x = step.in(0);
    long[] backwards = new long[x.length];
    for (int i = 0; i < x.length; i++) {
      backwards[i] = x.length - 1L - i;
    }
    long[] order =
        step.attributes().find("perm").isPresent() ? step.numbers("perm", x.length, 0) : backwards;
    long[] shape = new long[x.length];
    for (int i = 0; i < x.length; i++) {
      shape[i] = x[step.axis(order[i], x.length)];
    }
    step.out(shape);
  }

  void concat() {
    long[] shape = step.in(0).clone();
    int at = step.axis(step.attributes().number("axis", 0), shape.length);
    boolean numbersKnown = shape.length == 1;
    LongStream.Builder values = LongStream.builder();
    for (int i = 0; i < step.node().getInputCount(); i++) {
      long[] part = step.in(i);
      ShapeStep.require(part.length == shape.length);
      if (i > 0) {
        shape[at] = Math.addExact(shape[at], part[at]);
      }
      long[] known = step.numbersOf(i);
      numbersKnown &= known != null;
      if (known != null) {
        Arrays.stream(known).forEach(values::add);
      }
    }
    step.out(shape);
    if (numbersKnown) {
      step.outNumbers(values.build().toArray());
    }
  }

  void split() {
    long[] x = step.in(0);
    int at = step.axis(step.attributes().number("axis", 0), x.length);
    int parts = step.node().getOutputCount();
    ShapeStep.require(parts > 0);
    long each = (x[at] + parts - 1) / parts;
    long[] sizes = step.has(1) ? step.known(1) : null;
    ShapeStep.require(sizes == null || sizes.length == parts);
    for (int i = 0; i < parts; i++) {
      long[] shape = x.clone();
      shape[at] = sizes == null ? Math.min(each, x[at] - i * each) : sizes[i];
      step.outAt(i, shape);
    }
  }

  void slice() {
    long[] x = step.in(0);
    long[] starts = step.known(1);
    long[] ends = step.known(2);
    ShapeStep.require(starts.length == ends.length);
    long[] axes = step.has(3) ? step.known(3) : LongStream.range(0, starts.length).toArray();
    long[] steps =
        step.has(4) ? step.known(4) : step.attributes().numbers("none", starts.length, 1);
    ShapeStep.require(axes.length == starts.length && steps.length == starts.length);
    long[] shape = x.clone();
    for (int i = 0; i < axes.length; i++) {
      int at = step.axis(axes[i], x.length);
      ShapeStep.require(steps[i] > 0);
      long from = clamped(starts[i], x[at]);
      long to = clamped(ends[i], x[at]);
      shape[at] = Math.max(0, (to - from + steps[i] - 1) / steps[i]);
    }
    step.out(shape);
    long[] values = step.numbersOf(0);
    if (values != null && x.length == 1 && axes.length == 1 && steps[0] == 1) {
      int from = (int) clamped(starts[0], x[0]);
      ShapeStep.require(values.length == x[0]);
      step.outNumbers(Arrays.copyOfRange(values, from, from + (int) shape[0]));
    }
  }

  private long clamped(long at, long size) {
    long counted = at < 0 ? at + size : at;
    return Math.max(0, Math.min(size, counted));
  }

  void gather() {
    long[] x = step.in(0);
    long[] indices = step.in(1);
    int at = step.axis(step.attributes().number("axis", 0), x.length);
    long[] shape = new long[x.length - 1 + indices.length];
    System.arraycopy(x, 0, shape, 0, at);
    System.arraycopy(indices, 0, shape, at, indices.length);
    System.arraycopy(x, at + 1, shape, at + indices.length, x.length - at - 1);
    step.out(shape);
    long[] values = step.numbersOf(0);
    long[] places = step.numbersOf(1);
    if (values != null && places != null && x.length == 1) {
      long[] gathered = new long[places.length];
      for (int i = 0; i < places.length; i++) {
        gathered[i] = values[step.axis(places[i], values.length)];
      }
      step.outNumbers(gathered);
    }
  }

  void gatherNd() {
    long[] x = step.in(0);
    long[] indices = step.in(1);
    long batch = step.attributes().number("batch_dims", 0);
    ShapeStep.require(indices.length >= 1 && batch >= 0 && batch < indices.length);
    long depth = indices[indices.length - 1];
    ShapeStep.require(depth >= 0 && batch + depth <= x.length);
    int kept = indices.length - 1;
    int rest = x.length - (int) (batch + depth);
    long[] shape = new long[kept + rest];
    System.arraycopy(indices, 0, shape, 0, kept);
    System.arraycopy(x, x.length - rest, shape, kept, rest);
    step.out(shape);
  }

  void tile() {
    long[] shape = step.in(0).clone();
    long[] times = step.known(1);
    ShapeStep.require(times.length == shape.length);
    for (int i = 0; i < shape.length; i++) {
      shape[i] = Math.multiplyExact(shape[i], times[i]);
    }
    step.out(shape);
  }

  void pad() {
    long[] shape = step.in(0).clone();
    long[] pads = step.known(1);
    long[] axes = step.has(3) ? step.known(3) : LongStream.range(0, shape.length).toArray();
    ShapeStep.require(pads.length == 2 * axes.length);
    for (int i = 0; i < axes.length; i++) {
      shape[step.axis(axes[i], shape.length)] += pads[i] + pads[i + axes.length];
    }
    step.out(shape);
  }

  void shape() {
    long[] x = step.in(0);
    long from = step.attributes().number("start", 0);
    long to = step.attributes().number("end", x.length);
    int first = (int) clamped(from, x.length);
    int last = Math.max(first, (int) clamped(to, x.length));
    long[] sizes = Arrays.copyOfRange(x, first, last);
    step.out(sizes.length);
    step.outNumbers(sizes);
  }

  void size() {
    long[] x = step.in(0);
    step.out();
    step.outNumbers(Shapes.product(x, 0, x.length));
  }

  void constantNode() {
    for (AttributeProto attribute : step.node().getAttributeList()) {
      switch (attribute.getName()) {
        case "value" -> {
          ShapeStep.require(step.node().getOutputCount() == 1);
          step.outConstant(attribute.getT());
        }
        case "value_int" -> {
          step.out();
          step.outNumbers(attribute.getI());
        }
        case "value_ints" -> {
          step.out(attribute.getIntsCount());
          step.outNumbers(attribute.getIntsList().stream().mapToLong(Long::longValue).toArray());
        }
        case "value_float" -> step.out();
        case "value_floats" -> step.out(attribute.getFloatsCount());
        default -> throw new ShapeStep.Unknown();
      }
    }
  }

  void constantOfShape() {
    step.out(step.known(0).clone());
  }

  void depthToSpace() {
    long[] x = step.in(0);
    long block = step.attributes().number("blocksize", 0);
    ShapeStep.require(x.length == 4 && block > 0 && x[1] % (block * block) == 0);
    step.out(x[0], x[1] / (block * block), x[2] * block, x[3] * block);
  }

  void spaceToDepth() {
    long[] x = step.in(0);
    long block = step.attributes().number("blocksize", 0);
    ShapeStep.require(x.length == 4 && block > 0 && x[2] % block == 0 && x[3] % block == 0);
    step.out(x[0], x[1] * block * block, x[2] / block, x[3] / block);
  }
}
