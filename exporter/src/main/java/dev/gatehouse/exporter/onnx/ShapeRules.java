package dev.gatehouse.exporter.onnx;

import java.util.Set;

/** What each operator makes of shapes (ONNX's "Operator Schemas", opset 13 to 21). */
record ShapeRules(ShapeStep step) {
  private static final Set<String> LIKE_THEIR_FIRST_INPUT =
      Operators.named(
          """
          Abs BatchNormalization Cast Ceil Celu Clip Cos CumSum DequantizeLinear Dropout
          DynamicQuantizeLinear Elu Erf Exp Floor Gelu GroupNormalization HardSigmoid
          HardSwish Hardmax Identity InstanceNormalization IsInf IsNaN LRN LayerNormalization
          LeakyRelu Log LogSoftmax LpNormalization MeanVarianceNormalization Mish Neg Not
          PRelu QuantizeLinear Reciprocal Relu Round ScatterElements ScatterND Selu Sigmoid
          Sign Sin Softmax Softplus Softsign Sqrt Tanh ThresholdedRelu Trilu
          """);

  private static final Set<String> BROADCAST =
      Operators.named(
          """
          Add And Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Mod Mul Or
          Pow Sub Sum Where Xor
          """);

  /** Puts the shapes of the outputs, or gives up by throwing {@link ShapeStep.Unknown}. */
  void run() {
    ArithmeticShapes arithmetic = new ArithmeticShapes(step);
    String op = step.node().getOpType();
    if (!OnnxGraph.domain(step.node().getDomain()).isEmpty()) {
      throw new ShapeStep.Unknown();
    }
    if (LIKE_THEIR_FIRST_INPUT.contains(op)) {
      step.out(step.in(0));
      if (op.equals("Cast") || op.equals("Identity")) {
        step.keepNumbers();
      }
    } else if (BROADCAST.contains(op)) {
      arithmetic.broadcast();
      arithmetic.arithmetic(op);
    } else if (op.startsWith("Reduce")) {
      arithmetic.reduce();
    } else {
      other(op, arithmetic);
    }
  }

  private void other(String op, ArithmeticShapes arithmetic) {
    NetworkShapes network = new NetworkShapes(step);
    LayoutShapes layout = new LayoutShapes(step);
    switch (op) {
      case "Conv", "ConvInteger" -> network.conv(step.in(0), step.in(1));
      case "QLinearConv" -> network.conv(step.in(0), step.in(3));
      case "ConvTranspose" -> network.convTranspose();
      case "MaxPool", "AveragePool", "LpPool" -> network.pool();
      case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" -> network.globalPool();
      case "Gemm" -> network.gemm();
      case "MatMul", "MatMulInteger" -> network.matMul(step.in(0), step.in(1));
      case "QLinearMatMul" -> network.matMul(step.in(0), step.in(3));
      case "Flatten" -> layout.flatten();
      case "Reshape" -> layout.reshape();
      case "Squeeze" -> layout.squeeze();
      case "Unsqueeze" -> layout.unsqueeze();
      case "Transpose" -> layout.transpose();
      case "Concat" -> layout.concat();
      case "Split" -> layout.split();
      case "Slice" -> layout.slice();
      case "Gather" -> layout.gather();
      case "GatherElements" -> step.out(step.in(1));
      case "GatherND" -> layout.gatherNd();
      case "Expand" -> layout.expand();
      case "Tile" -> layout.tile();
      case "Pad" -> layout.pad();
      case "Shape" -> layout.shape();
      case "Size" -> layout.size();
      case "Constant" -> layout.constantNode();
      case "ConstantOfShape" -> layout.constantOfShape();
      case "ArgMax", "ArgMin" -> arithmetic.argMax();
      case "TopK" -> arithmetic.topK();
      case "OneHot" -> arithmetic.oneHot();
      case "DepthToSpace" -> layout.depthToSpace();
      case "SpaceToDepth" -> layout.spaceToDepth();
      default -> throw new ShapeStep.Unknown();
    }
  }
}
