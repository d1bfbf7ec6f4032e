package dev.gatehouse.exporter.testing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** ONNX files as other programs write them, made of ONNX's own classes. */
public final class ForeignModel {
  private final ModelProto.Builder model;
  private final GraphProto.Builder graph;

  private ForeignModel(String producer, int opset, int ir) {
    model =
        ModelProto.newBuilder()
            .setIrVersion(ir)
            .setProducerName(producer)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset));
    graph = model.getGraphBuilder().setName("main_graph");
  }

  /** An empty file as {@code producer} begins one; the file format is that of the opset's day. */
  public static ForeignModel of(String producer, int opset) {
    return new ForeignModel(producer, opset, opset < 15 ? 7 : opset < 19 ? 8 : opset < 21 ? 9 : 10);
  }

  /** A dimension each: a number, or a name for one that the data decide. */
  private static ValueInfoProto value(String name, int type, Object... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dim : dims) {
      if (dim instanceof Integer size) {
        shape.addDimBuilder().setDimValue(size);
      } else {
        shape.addDimBuilder().setDimParam(dim.toString());
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }

  public ForeignModel input(String name, Object... dims) {
    graph.addInput(value(name, TensorProto.DataType.FLOAT_VALUE, dims));
    return this;
  }

  public ForeignModel inputOfType(String name, int type, Object... dims) {
    graph.addInput(value(name, type, dims));
    return this;
  }

  public ForeignModel output(String name, Object... dims) {
    graph.addOutput(value(name, TensorProto.DataType.FLOAT_VALUE, dims));
    return this;
  }

  /** An output whose shape the file does not tell. */
  public ForeignModel outputOfUnknownShape(String name) {
    ValueInfoProto.Builder value = value(name, TensorProto.DataType.FLOAT_VALUE).toBuilder();
    value.getTypeBuilder().getTensorTypeBuilder().clearShape();
    graph.addOutput(value);
    return this;
  }

  public ForeignModel node(
      String op, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(op)
            .setName("/" + op + "_" + graph.getNodeCount())
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(List.of(attributes)));
    return this;
  }

  public ForeignModel floats(String name, float[] values, int... dims) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .setRawData(ByteString.copyFrom(bytes));
    for (int dim : dims) {
      tensor.addDims(dim);
    }
    graph.addInitializer(tensor);
    return this;
  }

  /** A constant that is listed among the inputs too, as older exporters did. */
  public ForeignModel floatsAsInput(String name, float[] values, int... dims) {
    floats(name, values, dims);
    Object[] shape = new Object[dims.length];
    for (int i = 0; i < dims.length; i++) {
      shape[i] = dims[i];
    }
    return input(name, shape);
  }

  public ForeignModel longs(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    graph.addInitializer(tensor);
    return this;
  }

  public static AttributeProto number(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  public static AttributeProto numbers(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  public ModelProto.Builder proto() {
    return model;
  }

  public byte[] bytes() {
    return model.build().toByteArray();
  }

  public Path write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    return Files.write(file, bytes());
  }
}
