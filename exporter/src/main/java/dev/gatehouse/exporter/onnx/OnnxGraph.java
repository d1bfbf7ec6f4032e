package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatehouse.proto.BadInput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * One ONNX file that was read and is known to be whole: its operators are of sets that ONNX Runtime
 * brings, each value is made once and before it is used, and each constant has its elements in the
 * file.
 */
public final class OnnxGraph {
  /** The oldest version of the standard operators that is read. */
  public static final int LEAST_OPSET = 13;

  /** The newest version of the standard operators that is read. */
  public static final int MOST_OPSET = 21;

  private static final String STANDARD = "";

  /** What every build of ONNX Runtime brings. */
  private static final Set<String> DOMAINS = Set.of(STANDARD, "ai.onnx.ml", "com.microsoft");

  /** Operators that change no value, only how the values are laid out. */
  private static final Set<String> UNCHANGING =
      Set.of("Dropout", "Flatten", "Identity", "Reshape", "Squeeze");

  private final ModelProto model;
  private final Map<String, Long> opsets;

  private OnnxGraph(ModelProto model, Map<String, Long> opsets) {
    this.model = model;
    this.opsets = opsets;
  }

  /**
   * Reads a file.
   *
   * @param bytes the whole file
   * @param where names it in messages
   * @throws BadInput when it is no ONNX model, or none that can be served; one line says why
   */
  public static OnnxGraph parse(byte[] bytes, String where) {
    return named(where, () -> read(bytes, true));
  }

  /**
   * The same of a graph whose constants may lie in another file: what it costs can be told, and no
   * more.
   *
   * @throws BadInput as {@link #parse}
   */
  public static OnnxGraph parseWithoutWeights(byte[] bytes, String where) {
    return named(where, () -> read(bytes, false));
  }

  private static OnnxGraph named(String where, Supplier<OnnxGraph> reader) {
    try {
      return reader.get();
    } catch (BadInput e) {
      throw new BadInput(where + ": " + Printable.of(String.valueOf(e.getMessage())), e);
    }
  }

  private static OnnxGraph read(byte[] bytes, boolean whole) {
    ModelProto model;
    try {
      model = ModelProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new BadInput("is no ONNX file", e);
    }
    if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
      throw new BadInput("is no ONNX file with a graph");
    }
    Map<String, Long> opsets = opsets(model);
    if (model.getFunctionsCount() > 0) {
      throw new BadInput(
          "has functions of its own, such as '%s'; export it with standard operators alone"
              .formatted(model.getFunctions(0).getName()));
    }
    requireWhole(model.getGraph(), opsets.keySet(), Set.of(), whole);
    return new OnnxGraph(model, opsets);
  }

  // --- what is refused ---------------------------------------------------------------------------

  private static Map<String, Long> opsets(ModelProto model) {
    Map<String, Long> opsets = new TreeMap<>();
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      opsets.put(domain(set.getDomain()), set.getVersion());
    }
    long version = opsets.getOrDefault(STANDARD, 0L);
    if (version < LEAST_OPSET || version > MOST_OPSET) {
      throw new BadInput(
          "%s; versions %d to %d are read"
              .formatted(
                  version == 0
                      ? "does not say its version of ONNX's operators"
                      : "needs version " + version + " of ONNX's operators (opset)",
                  LEAST_OPSET,
                  MOST_OPSET));
    }
    return opsets;
  }

  static String domain(String written) {
    return written.equals("ai.onnx") ? STANDARD : written;
  }

  private static void requireWhole(
      GraphProto graph, Set<String> domains, Set<String> outside, boolean whole) {
    Set<String> made = new HashSet<>(outside);
    for (TensorProto constant : graph.getInitializerList()) {
      if (whole) {
        Weights.requireWhole(constant);
      }
      made.add(constant.getName());
    }
    if (graph.getSparseInitializerCount() > 0) {
      throw new BadInput("has sparse constants; export it with dense ones");
    }
    graph.getInputList().forEach(input -> made.add(input.getName()));
    for (NodeProto node : graph.getNodeList()) {
      requireKnown(node, domains);
      for (String input : node.getInputList()) {
        if (!input.isEmpty() && !made.contains(input)) {
          throw new BadInput("%s takes '%s', which nothing makes".formatted(named(node), input));
        }
      }
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasT()) {
          Weights.requireWhole(attribute.getT());
        }
        if (attribute.hasG()) {
          requireWhole(attribute.getG(), domains, made, whole);
        }
        if (attribute.getGraphsCount() > 0 || attribute.getTensorsCount() > 0) {
          throw new BadInput(named(node) + " has a list of graphs or tensors, which is not read");
        }
      }
      for (String output : node.getOutputList()) {
        if (!output.isEmpty() && !made.add(output)) {
          throw new BadInput("the value '%s' is made twice".formatted(output));
        }
      }
    }
    for (ValueInfoProto output : graph.getOutputList()) {
      if (!made.contains(output.getName())) {
        throw new BadInput("the output '%s' is made by nothing".formatted(output.getName()));
      }
    }
  }

  private static void requireKnown(NodeProto node, Set<String> domains) {
    String domain = domain(node.getDomain());
    if (!DOMAINS.contains(domain) || !domains.contains(domain)) {
      throw new BadInput(
          "%s is of the operator domain '%s'; known are ONNX's own, 'ai.onnx.ml', 'com.microsoft'"
              .formatted(named(node), domain));
    }
  }

  /** A node for people: its operator, and its name where it has one. */
  static String named(NodeProto node) {
    return Printable.of(
        node.getName().isEmpty()
            ? "a node " + node.getOpType()
            : "the node '%s' (%s)".formatted(node.getName(), node.getOpType()));
  }

  // --- what it is --------------------------------------------------------------------------------

  ModelProto model() {
    return model;
  }

  GraphProto graph() {
    return model.getGraph();
  }

  /** Version of the standard operators. */
  public int opset() {
    return Math.toIntExact(opsets.getOrDefault(STANDARD, 0L));
  }

  /** Versions of other sets of operators by their domain, where it uses any. */
  Map<String, Long> otherOpsets() {
    Map<String, Long> others = new TreeMap<>(opsets);
    others.remove(STANDARD);
    return others;
  }

  /** The inputs that a caller gives; a constant that is listed as an input is none. */
  public List<OnnxValue> inputs() {
    Set<String> constants = new HashSet<>();
    graph().getInitializerList().forEach(constant -> constants.add(constant.getName()));
    return graph().getInputList().stream()
        .filter(input -> !constants.contains(input.getName()))
        .map(OnnxGraph::value)
        .toList();
  }

  /** The outputs; sizes that the file leaves open are filled in where they follow from the rest. */
  public List<OnnxValue> outputs() {
    Shapes shapes = Shapes.of(this);
    List<OnnxValue> outputs = new ArrayList<>();
    for (ValueInfoProto output : graph().getOutputList()) {
      OnnxValue declared = value(output);
      outputs.add(declared.withSizesOf(shapes.of(output.getName())));
    }
    return List.copyOf(outputs);
  }

  /** The program that wrote the file, in its own words; may be empty. */
  public String producer() {
    return (model.getProducerName() + " " + model.getProducerVersion()).strip();
  }

  /** What the node that makes an output says of it. */
  public enum Ending {
    /** Probabilities: a softmax over the last axis. */
    SOFTMAX,
    /** Their logarithms. */
    LOG_SOFTMAX,
    /** Any other operator. */
    OTHER
  }

  /** How {@code output} is made, seen through operators that change no value. */
  public Ending ending(String output) {
    String name = output;
    for (int i = graph().getNodeCount() - 1; i >= 0; i--) {
      NodeProto node = graph().getNode(i);
      if (!node.getOutputList().contains(name)) {
        continue;
      }
      if (node.getOpType().equals("Softmax")) {
        return Ending.SOFTMAX;
      }
      if (node.getOpType().equals("LogSoftmax")) {
        return Ending.LOG_SOFTMAX;
      }
      if (!UNCHANGING.contains(node.getOpType()) || node.getInputCount() == 0) {
        return Ending.OTHER;
      }
      name = node.getInput(0);
    }
    return Ending.OTHER;
  }

  static OnnxValue value(ValueInfoProto info) {
    TypeProto.Tensor tensor = info.getType().getTensorType();
    List<OnnxValue.Size> sizes = new ArrayList<>();
    for (TensorShapeProto.Dimension dim : tensor.getShape().getDimList()) {
      sizes.add(
          dim.hasDimValue() && dim.getDimValue() > 0
              ? OnnxValue.Size.of(dim.getDimValue())
              : OnnxValue.Size.open(dim.getDimParam()));
    }
    return new OnnxValue(info.getName(), tensor.getElemType(), tensor.hasShape() ? sizes : null);
  }
}
