package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets a graph that was written for a batch of one size run over any: a Reshape to {@code [batch,
 * ...]} becomes one that takes the size from its data. Whether that was all that held the graph to
 * its size is for a run over more rows to say.
 */
final class FreeBatch {
  /** Has a Reshape take a 0 for a size of 0. */
  private static final String ALLOW_ZERO = "allowzero";

  private final long batch;
  private final Map<String, long[]> shapes = new HashMap<>();
  private final Set<String> constants = new HashSet<>();
  private final List<TensorProto> added = new ArrayList<>();

  private FreeBatch(long batch) {
    this.batch = batch;
  }

  /** The same graph for batches of any size. */
  static GraphProto of(long batch, GraphProto graph) {
    FreeBatch free = new FreeBatch(batch);
    graph.getInitializerList().forEach(constant -> free.learn(constant.getName(), constant));
    List<NodeProto> nodes = free.nodes(graph.getNodeList());
    return graph.toBuilder().clearNode().addAllNode(nodes).addAllInitializer(free.added).build();
  }

  private void learn(String name, TensorProto constant) {
    constants.add(name);
    long[] values = Weights.wholeNumbers(constant);
    if (values != null) {
      shapes.put(name, values);
    }
  }

  private List<NodeProto> nodes(List<NodeProto> nodes) {
    for (NodeProto node : nodes) {
      if (node.getOpType().equals("Constant") && node.getOutputCount() == 1) {
        new NodeAttributes(node)
            .find("value")
            .ifPresent(value -> learn(node.getOutput(0), value.getT()));
      }
    }
    return nodes.stream().map(this::freed).toList();
  }

  private NodeProto freed(NodeProto node) {
    long[] shape =
        node.getOpType().equals("Reshape") && node.getInputCount() == 2
            ? shapes.get(node.getInput(1))
            : null;
    if (constants.contains(node.getInputCount() == 0 ? "" : node.getInput(0))
        || shape == null
        || shape.length == 0
        || shape[0] != batch) {
      return node;
    }
    long[] open = shape.clone();
    boolean restIsOpen = false;
    boolean restHasZero = false;
    for (int i = 1; i < open.length; i++) {
      restIsOpen |= open[i] == -1;
      restHasZero |= open[i] == 0;
    }
    if (restHasZero && new NodeAttributes(node).number(ALLOW_ZERO, 0) != 0) {
      // Rows without elements: there is no shape that leaves their number open.
      return node;
    }
    // 0 takes the size from the data's own first dimension, -1 from what the others leave.
    open[0] = restIsOpen ? 0 : -1;
    String name = node.getInput(1) + "/any_batch_" + added.size();
    TensorProto.Builder constant =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(DataType.INT64.getNumber())
            .addDims(open.length);
    for (long size : open) {
      constant.addInt64Data(size);
    }
    added.add(constant.build());
    List<AttributeProto> attributes =
        node.getAttributeList().stream().filter(a -> !a.getName().equals(ALLOW_ZERO)).toList();
    return node.toBuilder().setInput(1, name).clearAttribute().addAllAttribute(attributes).build();
  }
}
