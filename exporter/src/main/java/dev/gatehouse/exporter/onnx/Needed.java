package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What an output of a graph is made of. */
final class Needed {
  private Needed() {}

  /** Names of all values that an output is made of, its own among them. */
  static Set<String> by(String output, GraphProto graph) {
    Map<String, NodeProto> makers = new TreeMap<>();
    for (NodeProto node : graph.getNodeList()) {
      node.getOutputList().forEach(made -> makers.put(made, node));
    }
    Set<String> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(output));
    while (!open.isEmpty()) {
      String name = open.pop();
      if (!name.isEmpty() && needed.add(name) && makers.containsKey(name)) {
        NodeProto maker = makers.get(name);
        // What a node makes beside it keeps its name, so that nothing else gets it.
        maker.getOutputList().stream().filter(made -> !made.isEmpty()).forEach(needed::add);
        takenBy(maker, open);
      }
    }
    return needed;
  }

  /** Every name that a node takes; graphs inside it take values from outside by name. */
  private static void takenBy(NodeProto node, Deque<String> names) {
    names.addAll(node.getInputList());
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG()) {
        attribute.getG().getNodeList().forEach(inner -> takenBy(inner, names));
        attribute.getG().getOutputList().forEach(value -> names.add(value.getName()));
      }
    }
  }
}
