package dev.gatehouse.exporter.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Dim;
import dev.gatehouse.exporter.graph.Element;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.IndexOps;
import dev.gatehouse.exporter.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is served of somebody's graph: one input of rows, one output of probabilities, under the
 * names that were asked for, over any number of rows. Of the original are kept the nodes and
 * constants that the output needs, and the versions of their operators.
 */
public final class ServedGraph {
  /** The least version of the file format that lets constants be no inputs: that of opset 13. */
  private static final long LEAST_IR = 7;

  private final OnnxGraph from;
  private final Form form;
  private final List<NodeProto> nodes;
  private final List<TensorProto> constants;

  private ServedGraph(
      OnnxGraph from, Form form, List<NodeProto> nodes, List<TensorProto> constants) {
    this.from = from;
    this.form = form;
    this.nodes = nodes;
    this.constants = constants;
  }

  /**
   * What a graph is to be like.
   *
   * @param input name of the input
   * @param row shape of a row
   * @param output name of the output
   * @param width probabilities a row
   * @param scaling what is done to the rows first; null for nothing
   */
  public record Form(
      String input, List<Integer> row, String output, int width, @Nullable Scaling scaling) {
    /** Copies the list. */
    public Form {
      row = List.copyOf(row);
    }
  }

  /**
   * (x - mean) factor.
   *
   * @param mean of the raw values, one a channel, the first dimension of a row
   * @param factor one a channel
   */
  public record Scaling(float[] mean, float[] factor) {}

  /**
   * Rewrites a graph.
   *
   * @param from the original, which has one input
   * @param taken name of the output that is kept, {@code [rows, width]}
   * @param softmax whether a softmax goes behind it
   */
  public static ServedGraph of(OnnxGraph from, String taken, boolean softmax, Form form) {
    OnnxValue input = from.inputs().get(0);
    GraphProto graph = from.graph();
    if (input.sizes() != null && input.sizes().get(0).isFixed()) {
      graph = FreeBatch.of(input.sizes().get(0).value(), graph);
    }
    Set<String> needed = Needed.by(taken, graph);
    List<NodeProto> nodes =
        graph.getNodeList().stream()
            .filter(node -> node.getOutputList().stream().anyMatch(needed::contains))
            .toList();
    List<TensorProto> constants =
        graph.getInitializerList().stream()
            .filter(constant -> needed.contains(constant.getName()))
            .toList();
    Renaming renaming = renaming(input.name(), needed, form);
    nodes = new ArrayList<>(renaming.nodes(nodes));
    constants = new ArrayList<>(renaming.constants(constants));
    if (form.scaling() != null) {
      FrontScaling front = new FrontScaling(form.input(), rows(form), form.row().size());
      nodes.addAll(0, front.nodes());
      constants.addAll(front.constants(form.scaling()));
    }
    nodes.add(last(renaming.names().apply(taken), softmax, form.output()));
    return new ServedGraph(from, form, nodes, constants);
  }

  /** Name of the rows as the original takes them. */
  private static String rows(Form form) {
    return form.scaling() == null ? form.input() : form.input() + "/normalised";
  }

  private static NodeProto last(String taken, boolean softmax, String output) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(softmax ? "Softmax" : "Identity")
            .setName(output)
            .addInput(taken)
            .addOutput(output);
    if (softmax) {
      node.addAttribute(
          AttributeProto.newBuilder().setName("axis").setType(AttributeType.INT).setI(-1));
    }
    return node.build();
  }

  /** The input gets its new name; whoever has that name, or another of ours, another one. */
  private static Renaming renaming(String input, Set<String> used, Form form) {
    Map<String, String> names = new TreeMap<>();
    List<String> ours =
        List.of(
            form.input(),
            form.output(),
            rows(form),
            FrontScaling.factor(form.input()),
            FrontScaling.mean(form.input()),
            FrontScaling.centred(form.input()));
    for (String taken : ours) {
      if (used.contains(taken) && !taken.equals(input)) {
        String free = taken + "_";
        while (used.contains(free) || names.containsValue(free)) {
          free += "_";
        }
        names.put(taken, free);
      }
    }
    names.put(input, rows(form));
    return new Renaming(
        name -> names.getOrDefault(name, name), node -> ours.contains(node) ? node + "_" : node);
  }

  // --- as a file of its own ----------------------------------------------------------------------

  /** The bytes of an {@code .onnx} file. */
  public byte[] bytes() {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(Math.max(LEAST_IR, from.model().getIrVersion()))
            .setProducerName(from.model().getProducerName())
            .setProducerVersion(from.model().getProducerVersion());
    opsets()
        .forEach(
            (domain, version) ->
                model.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
    model.setGraph(
        GraphProto.newBuilder()
            .setName(form.output())
            .addAllNode(nodes)
            .addAllInitializer(constants)
            .addInput(floats(form.input(), "batch", form.row()))
            .addOutput(floats(form.output(), "batch", List.of(form.width()))));
    return model.build().toByteArray();
  }

  private static ValueInfoProto floats(String name, String rows, List<Integer> sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam(rows);
    sizes.forEach(size -> shape.addDimBuilder().setDimValue(size));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }

  /** Versions of the operators by domain. */
  public Map<String, Long> opsets() {
    Map<String, Long> opsets = from.otherOpsets();
    opsets.put("", (long) from.opset());
    return opsets;
  }

  // --- as a part of a larger graph ---------------------------------------------------------------

  /** A node that a newer version of the operators may read otherwise; empty where none is. */
  public Optional<String> obstacleTo(long opset) {
    return new Raising(from.opset(), opset).obstacle(nodes);
  }

  /**
   * Writes the nodes into a graph.
   *
   * @param scope what the names begin with
   * @param rows {@code [N, shape of a row]}
   * @return {@code [N, width]}
   */
  public Value embed(Graph into, String scope, Value rows) {
    Renaming renaming = scoped(scope, rows);
    into.embed(renaming.nodes(nodes), renaming.constants(constants));
    return into.embedded(renaming.names().apply(form.output()), Element.FLOAT, dims(rows));
  }

  /**
   * Writes the nodes into a branch of an If, which runs where there are rows at all: operators of
   * others need not take none.
   *
   * @param scope what the names begin with
   * @param rows {@code [R, shape of a row]}; R may be 0
   * @param counts {@code [M]} INT64; R is number {@code e}
   * @return {@code [R, width]}
   */
  public Value embedWhereThereAreRows(Graph into, String scope, Value rows, Value counts, int e) {
    Renaming renaming = scoped(scope + "graph/", rows);
    String output = renaming.names().apply(form.output());
    Value count = new IndexOps(into).gatherRows(scope + "rows", counts, into.constant(e));
    Value any = new ArithmeticOps(into).greater(scope + "has_rows", count, into.constant(0));
    GraphProto then =
        GraphProto.newBuilder()
            .setName(scope + "then")
            .addAllNode(renaming.nodes(nodes))
            .addAllInitializer(renaming.constants(constants))
            .addOutput(floats(output, rows.dim(0).toString(), List.of(form.width())))
            .build();
    String none = scope + "none";
    GraphProto otherwise =
        GraphProto.newBuilder()
            .setName(scope + "else")
            .addNode(
                NodeProto.newBuilder()
                    .setOpType("Constant")
                    .setName(none)
                    .addOutput(none)
                    .addAttribute(
                        AttributeProto.newBuilder()
                            .setName("value")
                            .setType(AttributeType.TENSOR)
                            .setT(
                                TensorProto.newBuilder()
                                    .setDataType(DataType.FLOAT.getNumber())
                                    .addDims(0)
                                    .addDims(form.width()))))
            .addOutput(floats(none, "no_rows", List.of(form.width())))
            .build();
    String answer = scope + "answer";
    into.embed(
        List.of(
            NodeProto.newBuilder()
                .setOpType("If")
                .setName(answer)
                .addInput(any.name())
                .addOutput(answer)
                .addAttribute(branch("then_branch", then))
                .addAttribute(branch("else_branch", otherwise))
                .build()),
        List.of());
    return into.embedded(answer, Element.FLOAT, dims(rows));
  }

  private static AttributeProto branch(String name, GraphProto graph) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.GRAPH)
        .setG(graph)
        .build();
  }

  private Renaming scoped(String scope, Value rows) {
    return new Renaming(
        name -> name.equals(form.input()) ? rows.name() : scope + name, node -> scope + node);
  }

  private List<Dim> dims(Value rows) {
    return List.of(rows.dim(0), Dim.of(form.width()));
  }
}
