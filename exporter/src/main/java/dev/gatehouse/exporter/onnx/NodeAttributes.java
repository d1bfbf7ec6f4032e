package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.Optional;

/** Attributes of a node, each with the value that it has where it is not written. */
record NodeAttributes(NodeProto node) {
  long number(String name, long otherwise) {
    return find(name).map(AttributeProto::getI).orElse(otherwise);
  }

  String text(String name, String otherwise) {
    return find(name).map(a -> a.getS().toStringUtf8()).orElse(otherwise);
  }

  /**
   * A list of {@code length} numbers; where it is not written, that many times {@code otherwise}.
   */
  long[] numbers(String name, int length, long otherwise) {
    long[] values = new long[length];
    Arrays.fill(values, otherwise);
    return find(name)
        .map(a -> a.getIntsList().stream().mapToLong(Long::longValue).toArray())
        .orElse(values);
  }

  Optional<AttributeProto> find(String name) {
    return node.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst();
  }
}
