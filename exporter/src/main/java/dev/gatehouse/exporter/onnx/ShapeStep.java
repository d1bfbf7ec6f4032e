package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import org.jspecify.annotations.Nullable;

/**
 * One node while the shapes of its outputs are found.
 *
 * @param node the node
 * @param shapes what is known so far, and where the outputs go
 */
record ShapeStep(NodeProto node, Shapes shapes) {
  /** The shape does not follow from what is known. */
  static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unknown() {
      super("not known", null, false, false);
    }
  }

  /** Gives up unless what is known {@code fits}. */
  static void require(boolean fits) {
    if (!fits) {
      throw new Unknown();
    }
  }

  NodeAttributes attributes() {
    return new NodeAttributes(node);
  }

  private String input(int i) {
    return i < node.getInputCount() ? node.getInput(i) : "";
  }

  boolean has(int i) {
    return !input(i).isEmpty();
  }

  /** The shape of an input. */
  long[] in(int i) {
    long[] shape = shapes.of(input(i));
    if (shape == null) {
      throw new Unknown();
    }
    return shape;
  }

  /** The numbers in an input, which must be known. */
  long[] known(int i) {
    long[] values = numbersOf(i);
    if (values == null) {
      throw new Unknown();
    }
    return values;
  }

  /** The numbers in an input; null where they are not known. */
  long @Nullable [] numbersOf(int i) {
    return shapes.numbers(input(i));
  }

  /** The shape of the only output. */
  void out(long... shape) {
    outAt(0, shape);
  }

  /** The shape of output {@code i}. */
  void outAt(int i, long... shape) {
    for (long size : shape) {
      require(size >= 0);
    }
    Shapes.product(shape, 0, shape.length);
    if (i < node.getOutputCount()) {
      shapes.put(node.getOutput(i), shape);
    }
  }

  /** The numbers in the only output. */
  void outNumbers(long... values) {
    if (node.getOutputCount() > 0) {
      shapes.putNumbers(node.getOutput(0), values);
    }
  }

  /** The only output is a constant. */
  void outConstant(TensorProto value) {
    require(node.getOutputCount() == 1);
    shapes.putConstant(node.getOutput(0), value);
  }

  /** The output has the same numbers as the first input, where these are known. */
  void keepNumbers() {
    long[] values = numbersOf(0);
    if (values != null) {
      outNumbers(values);
    }
  }

  /** An axis counted from the front. */
  int axis(long axis, int rank) {
    long counted = axis < 0 ? axis + rank : axis;
    require(counted >= 0 && counted < rank);
    return (int) counted;
  }

  /**
   * A list of {@code length} numbers; where it is not written, that many times {@code otherwise}.
   */
  long[] numbers(String name, int length, long otherwise) {
    long[] values = attributes().numbers(name, length, otherwise);
    require(values.length == length);
    return values;
  }
}
