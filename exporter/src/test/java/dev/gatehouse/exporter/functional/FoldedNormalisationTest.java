package dev.gatehouse.exporter.functional;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.exporter.testing.LoopAnswers;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The input's normalisation is part of the first layer's weights wherever it can be, in the gate
 * and in each expert, and the answers are those of plain loops that normalise first.
 */
class FoldedNormalisationTest {
  private static final int EXPERTS = 3;
  private static final int ROWS = 50;

  @TempDir private Path folder;

  static Stream<Arguments> networks() {
    return Stream.of(
        of("a convolution", TinyModels.colour(), "Conv", conv(0), flat(), linear()),
        of("a convolution without bias", TinyModels.grey(), "Conv", bare(), flat(), linear()),
        of("a linear layer", TinyModels.colour(), "Flatten, Gemm", flat(), linear()),
        of("a pool", TinyModels.colour(), "MaxPool, Conv", pool(), conv(0), flat(), linear()),
        of("pools", TinyModels.colour(), "MaxPool, Flatten, Gemm", pool(), flat(), linear()),
        of("zeros", TinyModels.colour(), "Mul, Add, Conv", conv(1), flat(), linear()),
        of(
            "pool, zeros",
            TinyModels.grey(),
            "Mul, Add, MaxPool, Conv",
            pool(),
            conv(1),
            flat(),
            linear()),
        of(
            "a batch norm",
            TinyModels.colour(),
            "Mul, Add, Conv",
            norm(),
            conv(0),
            flat(),
            linear()),
        of("no layer", TinyModels.colour(), "Mul, Add, Relu", relu(), flat(), linear()),
        of("numbers", table(TinyModels.NEAR), "Gemm", linear(), relu(), linear()),
        of("a number far from 0", table(TinyModels.FAR), "Sub, Gemm", linear(), relu(), linear()));
  }

  private static Arguments of(String what, InputSpec input, String begins, Layer... trunk) {
    return Arguments.of(what, input, begins, List.of(trunk));
  }

  private static Layer conv(int padding) {
    return new Layer.Conv2d(2, 3, padding);
  }

  private static Layer bare() {
    return new Layer.Conv2d(2, 3, 0, false);
  }

  private static Layer linear() {
    return new Layer.Linear(6);
  }

  private static Layer flat() {
    return new Layer.Flatten();
  }

  private static Layer pool() {
    return new Layer.MaxPool(2);
  }

  private static Layer norm() {
    return new Layer.BatchNorm();
  }

  private static Layer relu() {
    return new Layer.Relu();
  }

  private static InputSpec table(List<Column> columns) {
    return new InputSpec(
        "features",
        InputSpec.Datatype.FP32,
        Shape.of(columns.size()),
        -Float.MAX_VALUE,
        Float.MAX_VALUE,
        new InputSpec.Columns(columns));
  }

  @ParameterizedTest(name = "before {0}: {2}")
  @MethodSource("networks")
  void shouldAnswerAsLoopsThatNormaliseFirst(
      String what, InputSpec input, String begins, List<Layer> trunk) throws Exception {
    Network network = new Network(trunk, Network.Tap.AFTER_RELU);
    ModelSpec model =
        new ModelSpec(
            input, TinyModels.CLASSES, EXPERTS, network, new GateSpec.Softmax(network, 1.5, false));
    // With every expert in each row no routing tie can hide a difference.
    TinyRun run = TinyRun.untied("folded", model, new RoutingRule.TopK(EXPERTS), 1);

    Bundle bundle = exported(run);

    requireSameAnswers(run, bundle);
    assertThat(begins(bundle.file("gate.onnx"))).isEqualTo(begins);
    assertThat(begins(bundle.file("experts/001.onnx"))).isEqualTo(begins);
    assertThat(normalisations(bundle.file("model.onnx")))
        .as("the whole model normalises its rows once, or not at all")
        .isEqualTo(begins.split("Mul|Sub", -1).length - 1);
  }

  /** Behind it the largest of four values is another one, so a pool cannot come first. */
  @Test
  void shouldNotPoolBeforeABatchNormThatTurnsAChannelRound() throws Exception {
    Network network =
        new Network(
            List.of(conv(0), relu(), norm(), pool(), flat(), linear()), Network.Tap.AFTER_RELU);
    ModelSpec model =
        new ModelSpec(
            TinyModels.colour(),
            TinyModels.CLASSES,
            EXPERTS,
            network,
            new GateSpec.Softmax(network));
    TinyRun drawn = TinyRun.untied("turned", model, new RoutingRule.TopK(EXPERTS), 1);
    Map<String, Tensor> turned = new HashMap<>(drawn.weights().tensors());
    turned.put("experts.1.trunk.2.weight", Tensor.of(new float[] {0.7f, -0.8f}, 2));
    turned.put("gate.trunk.2.weight", Tensor.of(new float[] {-0.9f, 1.1f}, 2));
    TinyRun run = drawn.withWeights(new Safetensors(Map.of(), turned));

    requireSameAnswers(run, exported(run));
  }

  private Bundle exported(TinyRun run) throws IOException {
    return Exporter.export(run.write(folder.resolve("run")), folder, "folded", 1).bundle();
  }

  private static void requireSameAnswers(TinyRun run, Bundle bundle) {
    long seed = new Random().nextLong();
    float[] values = rows(run.run().model().input(), new Random(seed));
    LoopAnswers.require(run, bundle, values, "seed " + seed);
  }

  private static float[] rows(InputSpec input, Random random) {
    float[] values = new float[ROWS * input.shape().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          input.columns().isEmpty()
              ? random.nextInt(256)
              : number((Column.Numeric) input.columns().get(i % input.columns().size()), random);
    }
    return values;
  }

  private static float number(Column.Numeric column, Random random) {
    return (float) random.nextGaussian(column.mean(), column.std());
  }

  /** The operators that rows pass on their way up to the first one that holds none of them back. */
  private static String begins(Path file) throws IOException {
    GraphProto graph = ModelProto.parseFrom(Files.readAllBytes(file)).getGraph();
    List<String> operators = new ArrayList<>();
    String value = graph.getInput(0).getName();
    while (operators.isEmpty()
        || !List.of("Conv", "Gemm", "Relu").contains(operators.get(operators.size() - 1))) {
      String at = value;
      NodeProto next =
          graph.getNodeList().stream()
              .filter(node -> node.getInputList().contains(at))
              .findFirst()
              .orElseThrow();
      operators.add(next.getOpType());
      value = next.getOutput(0);
    }
    return String.join(", ", operators);
  }

  private static long normalisations(Path file) throws IOException {
    return ModelProto.parseFrom(Files.readAllBytes(file)).getGraph().getNodeList().stream()
        .filter(node -> List.of("Sub", "Mul").contains(node.getOpType()))
        .filter(node -> node.getName().startsWith("input/"))
        .count();
  }
}
