package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;

/**
 * Two nodes in front of a graph: (x - mean) factor, channel by channel. The mean goes first, so
 * that one far from 0 costs no precision.
 *
 * @param input name of the raw rows
 * @param output name of the scaled ones
 * @param rank dimensions of a row
 */
record FrontScaling(String input, String output, int rank) {
  static String factor(String input) {
    return input + "/factor";
  }

  static String mean(String input) {
    return input + "/mean";
  }

  static String centred(String input) {
    return input + "/centred";
  }

  List<NodeProto> nodes() {
    return List.of(
        binary("Sub", input, mean(input), centred(input)),
        binary("Mul", centred(input), factor(input), output));
  }

  List<TensorProto> constants(ServedGraph.Scaling scaling) {
    return List.of(
        perChannel(mean(input), scaling.mean()), perChannel(factor(input), scaling.factor()));
  }

  private TensorProto perChannel(String name, float[] values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(DataType.FLOAT.getNumber())
            .addDims(values.length);
    for (int i = 1; i < rank; i++) {
      tensor.addDims(1);
    }
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return tensor.build();
  }

  private static NodeProto binary(String op, String a, String b, String out) {
    return NodeProto.newBuilder()
        .setOpType(op)
        .setName(out)
        .addInput(a)
        .addInput(b)
        .addOutput(out)
        .build();
  }
}
