package dev.gatehouse.exporter.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A finished graph, to be written as one {@code .onnx} file or as two: the graph, and the weights
 * in a file beside it, as ONNX's external data (ExternalData.md of the ONNX repository).
 *
 * <p>Weights go from where they are into the file: protobuf's messages would hold another copy of
 * all of them.
 */
public final class OnnxFile {
  /** Weights begin at multiples of this, a page, so that they can be mapped into memory. */
  private static final int ALIGNMENT = 4096;

  /** Constants shorter than this stay in the graph: shapes and indices, which tools look at. */
  private static final int LEAST_OUTSIDE = 1024;

  private static final int BUFFER = 1 << 16;

  private final ModelProto model;
  private final GraphProto graph;
  private final List<Constant> constants;

  /**
   * A constant of the graph.
   *
   * @param tensor its name, type and shape
   * @param data its elements, row-major, little-endian
   */
  record Constant(TensorProto tensor, ByteBuffer data) {
    /** Bytes of this message. */
    int size() {
      return tensor.getSerializedSize()
          + CodedOutputStream.computeByteBufferSize(TensorProto.RAW_DATA_FIELD_NUMBER, data);
    }

    void write(CodedOutputStream out) throws IOException {
      tensor.writeTo(out);
      out.writeByteBuffer(TensorProto.RAW_DATA_FIELD_NUMBER, data);
    }
  }

  /** {@code model} comes without its graph, {@code graph} without its constants. */
  OnnxFile(ModelProto model, GraphProto graph, List<Constant> constants) {
    this.model = model;
    this.graph = graph;
    this.constants = List.copyOf(constants);
  }

  /**
   * Length of the file that {@link #write(OutputStream)} makes, in bytes; protobuf ends at {@link
   * Integer#MAX_VALUE}.
   */
  public long length() {
    long graphBytes = graphBytes();
    return model.getSerializedSize()
        + CodedOutputStream.computeTagSize(ModelProto.GRAPH_FIELD_NUMBER)
        + CodedOutputStream.computeUInt64SizeNoTag(graphBytes)
        + graphBytes;
  }

  /**
   * Protobuf's own sum is an int, and starts over at 2 GiB: only that of the parts can be asked.
   */
  private long graphBytes() {
    long bytes = graph.toBuilder().clearNode().clearInitializer().build().getSerializedSize();
    for (NodeProto node : graph.getNodeList()) {
      bytes += field(GraphProto.NODE_FIELD_NUMBER, node.getSerializedSize());
    }
    for (TensorProto tensor : graph.getInitializerList()) {
      bytes += field(GraphProto.INITIALIZER_FIELD_NUMBER, tensor.getSerializedSize());
    }
    for (Constant constant : constants) {
      bytes += field(GraphProto.INITIALIZER_FIELD_NUMBER, constant.size());
    }
    return bytes;
  }

  /** Bytes of a message with its tag and length. */
  private static long field(int number, int size) {
    return (long) CodedOutputStream.computeTagSize(number)
        + CodedOutputStream.computeUInt32SizeNoTag(size)
        + Integer.toUnsignedLong(size);
  }

  /**
   * Bytes of all constants once the graph is loaded: those that go into a Cast alone become what
   * that makes of them, floats.
   */
  public long loadedBytes() {
    Set<String> cast =
        graph.getNodeList().stream()
            .filter(node -> node.getOpType().equals("Cast"))
            .map(node -> node.getInput(0))
            .collect(Collectors.toSet());
    long bytes = 0;
    for (Constant constant : constants) {
      boolean grows = cast.contains(constant.tensor().getName());
      int width = Element.of(constant.tensor().getDataType()).bytes();
      bytes += (long) constant.data().remaining() / width * (grows ? Float.BYTES : width);
    }
    return bytes;
  }

  /** Names of its outputs. */
  public List<String> outputs() {
    return graph.getOutputList().stream().map(ValueInfoProto::getName).toList();
  }

  /** Length of all constants. */
  public long constantBytes() {
    return constants.stream().mapToLong(constant -> constant.data().remaining()).sum();
  }

  /**
   * Writes all of it.
   *
   * @throws ArithmeticException when it is longer than 2 GiB, where protobuf ends
   */
  public void write(OutputStream out) throws IOException {
    int size = Math.toIntExact(graphBytes());
    CodedOutputStream coded = CodedOutputStream.newInstance(out, BUFFER);
    model.writeTo(coded);
    coded.writeTag(ModelProto.GRAPH_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    coded.writeUInt32NoTag(size);
    graph.writeTo(coded);
    for (Constant constant : constants) {
      coded.writeTag(GraphProto.INITIALIZER_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      coded.writeUInt32NoTag(constant.size());
      constant.write(coded);
    }
    coded.flush();
  }

  /**
   * Writes graph and weights apart.
   *
   * @param out the {@code .onnx} file
   * @param data the weights' file
   * @param location that file's path as seen from the folder of the {@code .onnx} file
   */
  public void write(OutputStream out, OutputStream data, String location) throws IOException {
    GraphProto.Builder small = graph.toBuilder();
    WritableByteChannel beside = Channels.newChannel(data);
    long end = 0;
    for (Constant constant : constants) {
      int length = constant.data().remaining();
      if (length < LEAST_OUTSIDE) {
        small.addInitializer(Tensors.with(constant.tensor(), constant.data()));
        continue;
      }
      int gap = (int) (-end & (ALIGNMENT - 1));
      writeFully(beside, ByteBuffer.allocate(gap));
      writeFully(beside, constant.data().duplicate());
      small.addInitializer(outside(constant.tensor(), location, end + gap, length));
      end += gap + length;
    }
    model.toBuilder().setGraph(small).build().writeTo(out);
  }

  private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static TensorProto outside(TensorProto tensor, String location, long offset, int length) {
    return tensor.toBuilder()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", location))
        .addExternalData(entry("offset", Long.toString(offset)))
        .addExternalData(entry("length", Integer.toString(length)))
        .build();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
