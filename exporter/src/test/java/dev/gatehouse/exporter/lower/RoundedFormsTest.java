package dev.gatehouse.exporter.lower;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.gatehouse.exporter.graph.OnnxFile;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.exporter.testing.OnnxFiles;
import dev.gatehouse.proto.bundle.Precision.Weights;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.RoutingRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoundedFormsTest {
  private static final TinyRun RUN =
      TinyRun.of("wide", TinyModels.wide(3), new RoutingRule.TopK(2), 1);

  private static Lowering lowered(Weights weights) {
    return Lowering.of(RUN.run(), RUN.weights(), new GraphForm(weights, Datatype.FP32));
  }

  @Test
  void shouldRoundToTheNearestOf255Steps() {
    long seed = new Random().nextLong();
    double[] weights = new Random(seed).doubles(40, -1, 1).toArray();
    weights[7] = 3.5;

    float[] rounded = new ByteWeights().rounded(4, weights);

    for (int i = 0; i < weights.length; i++) {
      double largest = 0;
      for (int j = i / 10 * 10; j < i / 10 * 10 + 10; j++) {
        largest = Math.max(largest, Math.abs(weights[j]));
      }
      assertThat(Math.abs(rounded[i] - weights[i]))
          .as("seed %d, weight %d", seed, i)
          .isLessThanOrEqualTo(largest / 127 / 2 * 1.000001);
    }
    assertThat(rounded[7]).isCloseTo(3.5f, org.assertj.core.api.Assertions.within(1e-6f));
  }

  @Test
  void shouldKeepAnOutputWithoutWeights() {
    assertThat(new ByteWeights().rounded(2, new double[] {0, 0, 0.5, -0.25}))
        .startsWith(0f, 0f)
        .doesNotContain(Float.NaN);
  }

  @Test
  void shouldNotRoundToInfinity() {
    double[] weights = {1e-3, 65520};

    assertThat(new HalfWeights().rounded(1, weights)).containsExactly(1e-3f, 65520f);
    assertThat(new HalfWeights().rounded(1, new double[] {65519})).containsExactly(65504f);
  }

  /** Factors far apart would leave the smaller weights of an output no steps at all. */
  @Test
  void shouldTakeInFactorsThatAreAlike() {
    for (WeightForm form : List.of(new HalfWeights(), new ByteWeights())) {
      assertThat(form.takesIn(scale(0.016, 0.013))).isTrue();
      assertThat(form.takesIn(scale(0.03, 0.01))).isFalse();
      assertThat(form.takesIn(scale(1e-6, 1e-6))).isFalse();
      assertThat(form.takesIn(scale(1e6, 1e6))).isFalse();
      assertThat(form.takesIn(scale(Double.NaN, 1))).isFalse();
    }
    assertThat(new FloatWeights().takesIn(scale(1e-6, 1))).isTrue();
  }

  private static ChannelScale scale(double... factors) {
    return new ChannelScale(factors, new double[factors.length]);
  }

  @ParameterizedTest
  @EnumSource
  void shouldStoreEveryWeightButTheGatesHeadInItsForm(Weights weights) throws Exception {
    int type =
        switch (weights) {
          case FLOAT32 -> TensorProto.DataType.FLOAT_VALUE;
          case FLOAT16 -> TensorProto.DataType.FLOAT16_VALUE;
          case INT8 -> TensorProto.DataType.INT8_VALUE;
        };

    ModelProto model = OnnxFiles.parse(lowered(weights).portable());

    for (TensorProto constant : model.getGraph().getInitializerList()) {
      if (constant.getName().endsWith("weight")) {
        boolean head = constant.getName().equals("gate.head.weight");
        assertThat(constant.getDataType())
            .as(constant.getName())
            .isEqualTo(head ? TensorProto.DataType.FLOAT_VALUE : type);
      }
    }
  }

  /** Files are half or a quarter: weights are most of them here. */
  @Test
  void shouldTakeHalfOrAQuarterOfTheBytes() {
    long floats = lowered(Weights.FLOAT32).portable().constantBytes();

    assertThat(lowered(Weights.FLOAT16).portable().constantBytes())
        .isBetween(floats / 2, (long) (floats * 0.51));
    assertThat(lowered(Weights.INT8).portable().constantBytes())
        .isBetween(floats / 4, (long) (floats * 0.28));
  }

  /** What ONNX Runtime itself says that it runs, once it has loaded the graph. */
  @ParameterizedTest
  @EnumSource
  void shouldBeFoldedBackToFloatsWhenTheGraphIsLoaded(Weights weights, @TempDir Path folder)
      throws Exception {
    for (OnnxFile graph : List.of(lowered(weights).portable(), lowered(weights).expert(1))) {
      Path file = folder.resolve("graph.onnx");
      Path loaded = folder.resolve("loaded.onnx");
      OnnxFiles.write(graph, file);
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
        options.setOptimizedModelFilePath(loaded.toString());
        OrtEnvironment.getEnvironment().createSession(file.toString(), options).close();
      }

      ModelProto runs = ModelProto.parseFrom(Files.readAllBytes(loaded));

      assertThat(runs.getGraph().getNodeList())
          .extracting(NodeProto::getOpType)
          .doesNotContain("Cast", "DequantizeLinear");
      assertThat(runs.getGraph().getInitializerList())
          .extracting(TensorProto::getDataType)
          .doesNotContain(TensorProto.DataType.INT8_VALUE, TensorProto.DataType.FLOAT16_VALUE);
      assertThat(runs.getGraph().getInitializerList())
          .extracting(TensorProto::getName)
          .as("scales that are still to be multiplied with")
          .noneMatch(name -> name.endsWith("/scale"));
    }
  }
}
