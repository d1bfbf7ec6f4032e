package dev.gatehouse.exporter.functional;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.gatehouse.exporter.ExportOptions;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.exporter.testing.LoopAnswers;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Precision;
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
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Small convolutions before a pool are written in another form, and answer as plain loops do. */
class TiledConvolutionTest {
  private static final int EXPERTS = 2;
  private static final int CASES = 40;
  private static final int ROWS = 6;

  @TempDir private Path folder;

  /** Shape of the first convolution's weights: results of a window, windows of a tile. */
  static Stream<Arguments> forms() {
    Layer one = new Layer.Conv2d(1, 3, 0);
    return Stream.of(
        of("two by two windows a tile", List.of(16L, 1L, 6L, 6L), one, pool(), flat(), linear()),
        of(
            "ReLUs anywhere",
            List.of(16L, 1L, 6L, 6L),
            one,
            new Layer.Relu(),
            pool(),
            new Layer.Relu(),
            flat(),
            new Layer.Relu(),
            linear()),
        of(
            "a window a tile: nothing puts it right",
            List.of(4L, 1L, 4L, 4L),
            one,
            pool(),
            flat(),
            new Layer.BatchNorm(),
            linear()),
        of(
            "a window a tile: a register is full",
            List.of(28L, 1L, 4L, 4L),
            new Layer.Conv2d(7, 3, 0, false),
            new Layer.BatchNorm(),
            pool(),
            flat(),
            linear()),
        of(
            "as it is: enough channels",
            List.of(8L, 1L, 3L, 3L),
            new Layer.Conv2d(8, 3, 0),
            pool(),
            flat(),
            linear()),
        of(
            "as it is: a larger pool",
            List.of(1L, 1L, 3L, 3L),
            one,
            new Layer.MaxPool(3),
            flat(),
            linear()),
        of(
            "as it is: what lies between may turn the order round",
            List.of(1L, 1L, 3L, 3L),
            one,
            new Layer.Relu(),
            new Layer.BatchNorm(),
            pool(),
            flat(),
            linear()));
  }

  private static Arguments of(String what, List<Long> weights, Layer... trunk) {
    return Arguments.of(what, weights, List.of(trunk));
  }

  private static Layer pool() {
    return new Layer.MaxPool(2);
  }

  private static Layer flat() {
    return new Layer.Flatten();
  }

  private static Layer linear() {
    return new Layer.Linear(6);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("forms")
  void shouldGrowKernelsByTheirPool(String what, List<Long> weights, List<Layer> trunk)
      throws Exception {
    TinyRun run = run(TinyModels.grey(), trunk, 1);
    Bundle bundle = exported(run);

    assertThat(firstWeights(bundle.file("gate.onnx"))).isEqualTo(weights);
    assertThat(firstWeights(bundle.file("experts/001.onnx"))).isEqualTo(weights);
    LoopAnswers.require(run, bundle, rows(run, new Random(7)), what);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void shouldRoundWeightsOnceHoweverOftenTheyStand(
      String what, List<Long> weights, List<Layer> trunk) throws Exception {
    TinyRun run = run(TinyModels.grey(), trunk, 1);
    float[] rows = rows(run, new Random(7));

    Bundle half = exported(run, ExportOptions.defaults().with(Precision.Weights.FLOAT16));
    Bundle bytes = exported(run, ExportOptions.defaults().with(Precision.Weights.INT8));

    assertThat(firstWeights(bytes.file("gate.onnx"))).isEqualTo(weights);
    LoopAnswers.requireWithin(5e-3f, run, half, rows, what);
    LoopAnswers.requireWithin(6e-2f, run, bytes, rows, what);
  }

  @Test
  void shouldAnswerAsLoopsWhateverTheSizes() throws Exception {
    for (int i = 0; i < CASES; i++) {
      long seed = new Random().nextLong();
      Random random = new Random(seed);
      InputSpec input = image(random);
      List<Layer> trunk = trunk(random);
      String what = "seed %d: %s of %s".formatted(seed, trunk, input.shape());
      TinyRun run = run(input, trunk, seed);
      LoopAnswers.require(run, exported(run), rows(run, random), what);
    }
  }

  private static InputSpec image(Random random) {
    int channels = 1 + 2 * random.nextInt(2);
    return new InputSpec(
        "image",
        InputSpec.Datatype.UINT8,
        Shape.of(channels, 5 + random.nextInt(10), 5 + random.nextInt(10)),
        0,
        255,
        new InputSpec.Normalisation(
            255, Collections.nCopies(channels, 0.3), Collections.nCopies(channels, 0.25)));
  }

  private static List<Layer> trunk(Random random) {
    List<Layer> trunk = new ArrayList<>();
    int channels = random.nextBoolean() ? 1 : 2 + random.nextInt(7);
    trunk.add(
        new Layer.Conv2d(channels, 1 + random.nextInt(4), random.nextInt(3), random.nextBoolean()));
    sometimes(trunk, new Layer.BatchNorm(), random);
    sometimes(trunk, new Layer.Relu(), random);
    trunk.add(pool());
    sometimes(trunk, new Layer.Relu(), random);
    if (random.nextInt(4) == 0) {
      trunk.add(new Layer.Conv2d(1 + random.nextInt(2), 2, 1));
      trunk.add(pool());
    }
    trunk.add(flat());
    sometimes(trunk, new Layer.Relu(), random);
    trunk.add(linear());
    return trunk;
  }

  private static void sometimes(List<Layer> trunk, Layer layer, Random random) {
    if (random.nextBoolean()) {
      trunk.add(layer);
    }
  }

  private static TinyRun run(InputSpec input, List<Layer> trunk, long seed) {
    Network network = new Network(trunk, Network.Tap.AFTER_RELU);
    ModelSpec model =
        new ModelSpec(input, TinyModels.CLASSES, EXPERTS, network, new GateSpec.Softmax(network));
    return TinyRun.untied("tiled", model, new RoutingRule.TopK(EXPERTS), seed);
  }

  private Bundle exported(TinyRun run) throws IOException {
    return exported(run, ExportOptions.defaults());
  }

  private Bundle exported(TinyRun run, ExportOptions options) throws IOException {
    Path at = Files.createTempDirectory(folder, "case");
    return Exporter.export(run.write(at.resolve("run")), at, "tiled", 1, options).bundle();
  }

  private static float[] rows(TinyRun run, Random random) {
    float[] values = new float[ROWS * run.run().model().input().shape().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(256);
    }
    return values;
  }

  private static List<Long> firstWeights(Path file) throws IOException {
    GraphProto graph = ModelProto.parseFrom(Files.readAllBytes(file)).getGraph();
    return graph.getInitializerList().stream()
        .filter(constant -> constant.getDimsCount() == 4)
        .findFirst()
        .map(TensorProto::getDimsList)
        .orElseThrow();
  }
}
