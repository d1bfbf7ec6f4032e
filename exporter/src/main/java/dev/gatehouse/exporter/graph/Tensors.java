package dev.gatehouse.exporter.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Constants and types in ONNX's form. */
final class Tensors {
  private Tensors() {}

  /** A tensor whose elements are elsewhere. */
  static TensorProto of(String name, Element element, List<Integer> shape) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(element.code());
    shape.forEach(tensor::addDims);
    return tensor.build();
  }

  /** {@code tensor} with its elements, row-major, little-endian. */
  static TensorProto with(TensorProto tensor, ByteBuffer data) {
    return tensor.toBuilder().setRawData(ByteString.copyFrom(data.duplicate())).build();
  }

  static ByteBuffer bytes(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  static ByteBuffer bytes(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return bytes;
  }

  static ValueInfoProto info(String name, Value value) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Dim dim : value.dims()) {
      var proto = shape.addDimBuilder();
      if (dim.isFixed()) {
        proto.setDimValue(dim.size());
      } else {
        proto.setDimParam(dim.symbol());
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(value.element().code())
                        .setShape(shape)))
        .build();
  }
}
