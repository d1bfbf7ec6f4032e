package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of a graph's values when it is given one row, as far as they follow from its operators
 * (ONNX's "Operator Schemas", opset 13 to 21). Numbers that shapes are computed from, such as those
 * of Shape, Gather and Concat in front of a Reshape, are computed too. Where an operator is not
 * known here, what the file declares is believed, and else the shape is not known.
 */
final class Shapes {
  private final Map<String, long[]> shapes = new HashMap<>();

  /** Small whole numbers that are known without data. */
  private final Map<String, long[]> numbers = new HashMap<>();

  private final Map<String, long[]> declared = new HashMap<>();

  private Shapes() {}

  /** The shapes of a file's values for one row. */
  static Shapes of(OnnxGraph file) {
    Shapes shapes = new Shapes();
    GraphProto graph = file.graph();
    for (TensorProto constant : graph.getInitializerList()) {
      shapes.putConstant(constant.getName(), constant);
    }
    for (OnnxValue input : file.inputs()) {
      long[] row = row(input);
      if (row != null) {
        shapes.shapes.put(input.name(), row);
      }
    }
    // What a file of a fixed batch declares is of that batch, not of one row.
    if (file.inputs().stream().noneMatch(Shapes::isOfMoreRows)) {
      graph.getValueInfoList().forEach(shapes::declare);
      graph.getOutputList().forEach(shapes::declare);
    }
    graph.getNodeList().forEach(shapes::infer);
    return shapes;
  }

  private static boolean isOfMoreRows(OnnxValue input) {
    return input.sizes() != null && !input.sizes().isEmpty() && input.sizes().get(0).value() > 1;
  }

  private void declare(ValueInfoProto info) {
    long[] row = row(OnnxGraph.value(info));
    if (row != null) {
      declared.put(info.getName(), row);
    }
  }

  /** The declared shape of one row; null where more than the first size is open. */
  private static long @Nullable [] row(OnnxValue value) {
    if (value.sizes() == null || value.sizes().isEmpty()) {
      return null;
    }
    long[] row = value.sizes().stream().mapToLong(OnnxValue.Size::value).toArray();
    row[0] = 1;
    for (long size : row) {
      if (size < 0) {
        return null;
      }
    }
    return row;
  }

  /** The shape of a value; null where it is not known. */
  long @Nullable [] of(String value) {
    return shapes.get(value);
  }

  /** Elements of a value; -1 where its shape is not known. */
  long elements(String value) {
    long[] shape = of(value);
    return shape == null ? -1 : product(shape, 0, shape.length);
  }

  static long product(long[] shape, int from, int to) {
    long product = 1;
    for (int i = from; i < to; i++) {
      product = Math.multiplyExact(product, shape[i]);
    }
    return product;
  }

  /** The numbers in a value; null where they are not known. */
  long @Nullable [] numbers(String value) {
    return numbers.get(value);
  }

  void put(String value, long... shape) {
    if (!value.isEmpty()) {
      shapes.put(value, shape);
    }
  }

  void putNumbers(String value, long... known) {
    if (!value.isEmpty()) {
      numbers.put(value, known);
    }
  }

  void putConstant(String name, TensorProto tensor) {
    shapes.put(name, tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
    long[] known = Weights.wholeNumbers(tensor);
    if (known != null) {
      numbers.put(name, known);
    }
  }

  private void infer(NodeProto node) {
    try {
      new ShapeRules(new ShapeStep(node, this)).run();
    } catch (ShapeStep.Unknown | ArithmeticException e) {
      for (String output : node.getOutputList()) {
        long[] believed = declared.get(output);
        if (believed != null) {
          shapes.put(output, believed);
        }
      }
    }
  }
}
