package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether nodes of one version of ONNX's operators mean the same under a newer one, within versions
 * 13 to 21 (ONNX's "Operator Changelog"). Only operators that are known to are said to.
 *
 * @param from the version that the nodes were written for
 * @param to a version that is not older
 */
record Raising(long from, long to) {
  private static final Set<String> UNCHANGED =
      Operators.named(
          """
          Abs Add And ArgMax ArgMin AveragePool BatchNormalization Cast Ceil Celu Clip Concat
          Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos CumSum DepthToSpace
          DequantizeLinear Div Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand
          Flatten Floor GRU Gather GatherElements GatherND Gelu Gemm GlobalAveragePool
          GlobalMaxPool Greater GreaterOrEqual HardSigmoid HardSwish Hardmax Identity If
          InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less
          LessOrEqual Log LogSoftmax Loop LpNormalization MatMul MatMulInteger Max MaxPool
          Mean MeanVarianceNormalization Min Mish Mod Mul Neg NonZero Not OneHot Or PRelu Pad
          Pow QLinearConv QLinearMatMul QuantizeLinear RNN Range Reciprocal ReduceL1 ReduceL2
          ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum
          ReduceSumSquare Relu Reshape Round Scan ScatterElements ScatterND Selu Shape Sigmoid
          Sign Sin Size Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub
          Sum Tanh ThresholdedRelu Tile TopK Transpose Trilu Unsqueeze Where Xor
          """);

  /** The first node that may mean something else, in words; empty where none does. */
  Optional<String> obstacle(List<NodeProto> nodes) {
    return from == to
        ? Optional.empty()
        : nodes.stream().map(this::obstacle).flatMap(Optional::stream).findFirst();
  }

  private Optional<String> obstacle(NodeProto node) {
    boolean standard = OnnxGraph.domain(node.getDomain()).isEmpty();
    if (standard && (!UNCHANGED.contains(node.getOpType()) || changes(node))) {
      return Optional.of(OnnxGraph.named(node));
    }
    return node.getAttributeList().stream()
        .filter(AttributeProto::hasG)
        .map(attribute -> obstacle(attribute.getG().getNodeList()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** What an operator that is the same by and large changed on the way. */
  private boolean changes(NodeProto node) {
    NodeAttributes attributes = new NodeAttributes(node);
    return switch (node.getOpType()) {
      // Version 14 took three outputs away that are of use in training alone.
      case "BatchNormalization" -> passes(14) && node.getOutputCount() > 1;
      // Version 18 made the axes an input, and the number of parts an attribute.
      case "ReduceL1",
          "ReduceL2",
          "ReduceLogSum",
          "ReduceLogSumExp",
          "ReduceMax",
          "ReduceMean",
          "ReduceMin",
          "ReduceProd",
          "ReduceSumSquare" ->
          passes(18) && attributes.find("axes").isPresent();
      case "Split" -> passes(18) && node.getInputCount() < 2;
      // Version 19 counts the padding otherwise where the last window hangs over.
      case "AveragePool" -> passes(19) && attributes.number("ceil_mode", 0) != 0;
      default -> false;
    };
  }

  private boolean passes(long version) {
    return from < version && version <= to;
  }
}
