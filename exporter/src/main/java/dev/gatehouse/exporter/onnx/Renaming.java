package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.UnknownFieldSet;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Gives every value of a graph another name, in the graphs inside nodes too: these take values from
 * outside by name, and ONNX forbids them to use such a name for a value of their own. Comments are
 * left behind, and what newer files note beside a node (PyTorch: paths and lines of its source).
 *
 * @param names the new name of each value; different ones for different names
 * @param nodeNames the new name of each node
 */
record Renaming(UnaryOperator<String> names, UnaryOperator<String> nodeNames) {

  private String name(String old) {
    return old.isEmpty() ? old : names.apply(old);
  }

  List<NodeProto> nodes(List<NodeProto> nodes) {
    return nodes.stream().map(this::node).toList();
  }

  private NodeProto node(NodeProto node) {
    NodeProto.Builder renamed =
        node.toBuilder()
            .clearInput()
            .clearOutput()
            .clearAttribute()
            .clearDocString()
            .clearMetadataProps()
            .setUnknownFields(UnknownFieldSet.getDefaultInstance());
    if (!node.getName().isEmpty()) {
      renamed.setName(nodeNames.apply(node.getName()));
    }
    node.getInputList().forEach(input -> renamed.addInput(name(input)));
    node.getOutputList().forEach(output -> renamed.addOutput(name(output)));
    for (AttributeProto attribute : node.getAttributeList()) {
      renamed.addAttribute(
          attribute.hasG()
              ? attribute.toBuilder().setG(graph(attribute.getG()))
              : attribute.toBuilder());
    }
    return renamed.build();
  }

  List<TensorProto> constants(List<TensorProto> constants) {
    return constants.stream()
        .map(
            constant ->
                constant.toBuilder()
                    .setName(name(constant.getName()))
                    .clearDocString()
                    .clearMetadataProps()
                    .setUnknownFields(UnknownFieldSet.getDefaultInstance())
                    .build())
        .toList();
  }

  private GraphProto graph(GraphProto graph) {
    return graph.toBuilder()
        .setUnknownFields(UnknownFieldSet.getDefaultInstance())
        .clearDocString()
        .clearMetadataProps()
        .clearNode()
        .clearInitializer()
        .clearInput()
        .clearOutput()
        .clearValueInfo()
        .clearQuantizationAnnotation()
        .addAllNode(nodes(graph.getNodeList()))
        .addAllInitializer(constants(graph.getInitializerList()))
        .addAllInput(values(graph.getInputList()))
        .addAllOutput(values(graph.getOutputList()))
        .build();
  }

  private List<ValueInfoProto> values(List<ValueInfoProto> values) {
    return values.stream()
        .map(value -> value.toBuilder().setName(name(value.getName())).build())
        .toList();
  }
}
