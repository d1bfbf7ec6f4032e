package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a graph costs for one row, counted from its nodes and constants. What depends on constants
 * alone, such as the cast of a rounded weight, is computed once, when the graph is loaded, and
 * costs no row anything.
 *
 * @param parameters elements of its constants, but for indices, sizes and truth values
 * @param weightBytes bytes of those
 * @param multiplyAdds products that are added up in convolutions and matrix products; a bias is
 *     among the rest
 * @param otherElements elements that all other operators write: about as many operations, and few
 *     beside the products
 * @param uncounted nodes whose work is not known here, in words
 */
public record GraphCost(
    long parameters,
    long weightBytes,
    long multiplyAdds,
    long otherElements,
    List<String> uncounted) {
  private static final Set<String> NO_WORK =
      Operators.named(
          """
          Constant ConstantOfShape Dropout Flatten Identity Reshape Shape Size Squeeze
          Unsqueeze
          """);
  private static final Set<String> WORK_OF_OTHER_KINDS =
      Operators.named(
          """
          BlackmanWindow DFT DeformConv Einsum GRU HammingWindow HannWindow If LSTM Loop RNN
          STFT Scan SequenceMap
          """);

  /** Operators whose outputs differ from run to run, whatever they take. */
  private static final Set<String> RANDOM =
      Operators.named("Bernoulli Multinomial RandomNormalLike RandomUniformLike");

  /** Copies the list. */
  public GraphCost {
    uncounted = List.copyOf(uncounted);
  }

  /** Floating-point operations of the products: each is a multiplication and an addition. */
  public long flops() {
    return 2 * multiplyAdds;
  }

  /** Counts what a file's graph costs. */
  public static GraphCost of(OnnxGraph file) {
    Count count = new Count(Shapes.of(file));
    file.graph().getInitializerList().forEach(count::initializer);
    file.graph().getNodeList().forEach(count::node);
    return new GraphCost(
        count.parameters, count.weightBytes, count.multiplyAdds, count.others, count.uncounted);
  }

  /** The sums while they grow. */
  private static final class Count {
    private final Shapes shapes;
    private final List<String> uncounted = new ArrayList<>();
    private final Set<String> constants = new HashSet<>();
    private long parameters;
    private long weightBytes;
    private long multiplyAdds;
    private long others;

    Count(Shapes shapes) {
      this.shapes = shapes;
    }

    void initializer(TensorProto tensor) {
      constants.add(tensor.getName());
      weights(tensor);
    }

    private void weights(TensorProto tensor) {
      if (Weights.isLearnt(tensor)) {
        parameters += Weights.elements(tensor);
        weightBytes += Weights.bytes(tensor);
      }
    }

    void node(NodeProto node) {
      if (node.getOpType().equals("Constant")) {
        node.getAttributeList().stream()
            .filter(AttributeProto::hasT)
            .forEach(a -> weights(a.getT()));
      }
      if (isConstant(node)) {
        constants.addAll(node.getOutputList());
        return;
      }
      if (NO_WORK.contains(node.getOpType())) {
        return;
      }
      long products = products(node);
      if (products > 0) {
        multiplyAdds += products;
        return;
      }
      long written = shapes.elements(output(node));
      if (products < 0
          || written < 0
          || WORK_OF_OTHER_KINDS.contains(node.getOpType())
          || !OnnxGraph.domain(node.getDomain()).isEmpty()) {
        uncounted.add(OnnxGraph.named(node));
      } else {
        others += written;
      }
    }

    /** Whether a node gives the same for all rows. The graphs inside one may read any value. */
    private boolean isConstant(NodeProto node) {
      return node.getOpType().equals("Constant")
          || (node.getInputCount() > 0
              && node.getInputList().stream().allMatch(i -> i.isEmpty() || constants.contains(i))
              && node.getAttributeList().stream().noneMatch(AttributeProto::hasG)
              && !RANDOM.contains(node.getOpType()));
    }

    /** Products of a node; 0 where it has none, -1 where their number is not known. */
    private long products(NodeProto node) {
      return switch (node.getOpType()) {
        case "Conv", "ConvInteger" -> windows(node, output(node), 1);
        case "QLinearConv" -> windows(node, output(node), 3);
        case "ConvTranspose" -> windows(node, input(node, 0), 1);
        case "Gemm" -> gemm(node);
        case "MatMul", "MatMulInteger", "QLinearMatMul" -> matMul(node);
        default -> 0;
      };
    }

    /** Name of an input; empty where it is left out. */
    private static String input(NodeProto node, int i) {
      return i < node.getInputCount() ? node.getInput(i) : "";
    }

    private static String output(NodeProto node) {
      return node.getOutputCount() == 0 ? "" : node.getOutput(0);
    }

    /** Elements of {@code each} times the products that make one of them. */
    private long windows(NodeProto node, String each, int weight) {
      long[] kernel = shapes.of(input(node, weight));
      long elements = shapes.elements(each);
      return kernel == null || elements < 0
          ? -1
          : Math.multiplyExact(elements, Shapes.product(kernel, 1, kernel.length));
    }

    private long gemm(NodeProto node) {
      long[] a = shapes.of(input(node, 0));
      long elements = shapes.elements(output(node));
      boolean across = new NodeAttributes(node).number("transA", 0) != 0;
      return a == null || a.length != 2 || elements < 0
          ? -1
          : Math.multiplyExact(elements, a[across ? 0 : 1]);
    }

    private long matMul(NodeProto node) {
      long[] a = shapes.of(input(node, 0));
      long elements = shapes.elements(output(node));
      return a == null || a.length == 0 || elements < 0
          ? -1
          : Math.multiplyExact(elements, a[a.length - 1]);
    }
  }
}
