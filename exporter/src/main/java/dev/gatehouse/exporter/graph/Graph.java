package dev.gatehouse.exporter.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One ONNX graph while it is written (ONNX opset 21, IR version 10). Operators are the typed
 * methods of {@link NeuralOps}, {@link ArithmeticOps}, {@link IntegerOps}, {@link ShapeOps} and
 * {@link IndexOps}; all of them add their node through one method of this class, which refuses
 * values of another graph and names that are taken. Names are the caller's, such as {@code
 * expert_03/conv1}, so that they are the same in every export.
 *
 * <p>A mistake in the graph is a mistake of the program: it throws {@link IllegalArgumentException}
 * at the call that made it. Not thread-safe.
 */
public final class Graph {
  /** Version of the default operator set. */
  public static final int OPSET = 21;

  /** The oldest version that has all operators that are written here, by its Shape. */
  public static final int LEAST_OPSET = 15;

  /** Version of the file format. */
  public static final int IR_VERSION = 10;

  private final GraphProto.Builder proto = GraphProto.newBuilder();
  private final List<OnnxFile.Constant> initializers = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Value> constants = new TreeMap<>();

  private final Map<String, Long> opsets;

  /** An empty graph called {@code name}. */
  public Graph(String name) {
    this(name, Map.of("", (long) OPSET));
  }

  /**
   * An empty graph of other versions of operators, for parts that were written elsewhere.
   *
   * @param opsets versions by domain, the standard one being empty; of that at least {@link
   *     #LEAST_OPSET}
   */
  public Graph(String name, Map<String, Long> opsets) {
    this.opsets = new TreeMap<>(opsets);
    if (opsets.getOrDefault("", 0L) < LEAST_OPSET) {
      throw new IllegalArgumentException("operators are of opset 15 or newer; opsets=" + opsets);
    }
    proto.setName(name);
  }

  /** Declares an input. */
  public Value input(String name, Element element, List<Dim> dims) {
    Value value = value(name, element, dims);
    proto.addInput(Tensors.info(name, value));
    return value;
  }

  /**
   * A constant.
   *
   * @param data the elements, row-major, little-endian; not copied, and not to be changed before
   *     the graph is written
   */
  public Value constant(String name, Element element, List<Integer> shape, ByteBuffer data) {
    Value value = value(name, element, Dim.fixed(shape));
    long bytes = element.bytes();
    for (int size : shape) {
      bytes = Math.multiplyExact(bytes, size);
    }
    if (data.remaining() != bytes) {
      throw new IllegalArgumentException(
          "constant " + value + " needs " + bytes + " bytes; got " + data.remaining());
    }
    initializers.add(new OnnxFile.Constant(Tensors.of(name, element, shape), data.slice()));
    return value;
  }

  /** A constant of floats. */
  public Value constant(String name, List<Integer> shape, float... values) {
    return constant(name, Element.FLOAT, shape, Tensors.bytes(values));
  }

  /** A constant vector of integers; asking for one again gives the same value. */
  public Value constant(long... values) {
    String name = "const/" + String.join("_", longs(values));
    Value known = constants.get(name);
    if (known != null) {
      return known;
    }
    Value value = constant(name, Element.INT64, List.of(values.length), Tensors.bytes(values));
    constants.put(name, value);
    return value;
  }

  /** Makes {@code value} an output of the graph called {@code name}. */
  public void output(String name, Value value) {
    Value renamed = add("Identity", name, value.element(), value.dims(), List.of(value));
    proto.addOutput(Tensors.info(name, renamed));
  }

  /** The funnel of all nodes with one output. */
  Value add(
      String op,
      String name,
      Element element,
      List<Dim> dims,
      List<Value> inputs,
      AttributeProto... attributes) {
    Value output = value(name, element, dims);
    add(op, name, inputs, List.of(output), attributes);
    return output;
  }

  /** The funnel of all nodes. {@code outputs} come from {@link #value}. */
  void add(
      String op,
      String name,
      List<Value> inputs,
      List<Value> outputs,
      AttributeProto... attributes) {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(op).setName(name);
    for (Value input : inputs) {
      if (input.graph() != this) {
        throw new IllegalArgumentException(name + ": " + input + " belongs to another graph");
      }
      node.addInput(input.name());
    }
    outputs.forEach(output -> node.addOutput(output.name()));
    proto.addNode(node.addAllAttribute(List.of(attributes)));
  }

  /**
   * Adds nodes and constants that were written elsewhere, as they are. The names that they make are
   * taken from then on.
   *
   * @param nodes take values of this graph, constants among {@code constants} or each other's
   *     values
   */
  public void embed(List<NodeProto> nodes, List<TensorProto> constants) {
    for (TensorProto constant : constants) {
      take(constant.getName());
      proto.addInitializer(constant);
    }
    for (NodeProto node : nodes) {
      node.getOutputList().stream().filter(output -> !output.isEmpty()).forEach(this::take);
      proto.addNode(node);
    }
  }

  /** A value that an embedded node makes. */
  public Value embedded(String name, Element element, List<Dim> dims) {
    if (!names.contains(name)) {
      throw new IllegalArgumentException("nothing embedded makes " + name);
    }
    return new Value(this, name, element, dims);
  }

  private void take(String name) {
    if (name.isBlank() || !names.add(name)) {
      throw new IllegalArgumentException(
          "a value needs a name of its own in graph " + proto.getName() + "; name=" + name);
    }
  }

  /** A new value of this graph. */
  Value value(String name, Element element, List<Dim> dims) {
    take(name);
    return new Value(this, name, element, dims);
  }

  /**
   * The finished graph.
   *
   * @param producer name of the program that writes it
   * @param metadata properties that travel in the file
   */
  public OnnxFile finished(String producer, Map<String, String> metadata) {
    if (proto.getOutputCount() == 0) {
      throw new IllegalArgumentException("graph " + proto.getName() + " has no output");
    }
    ModelProto.Builder model =
        ModelProto.newBuilder().setIrVersion(IR_VERSION).setProducerName(producer);
    opsets.forEach((domain, version) -> model.addOpsetImport(opset(domain, version)));
    new TreeMap<>(metadata)
        .forEach(
            (key, value) ->
                model.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return new OnnxFile(model.build(), proto.build(), initializers);
  }

  private static OperatorSetIdProto opset(String domain, long version) {
    OperatorSetIdProto.Builder opset = OperatorSetIdProto.newBuilder().setVersion(version);
    return (domain.isEmpty() ? opset : opset.setDomain(domain)).build();
  }

  private static List<String> longs(long[] values) {
    List<String> texts = new ArrayList<>();
    for (long value : values) {
      texts.add(Long.toString(value));
    }
    return texts;
  }
}
