package dev.gatehouse.exporter.functional;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.gatehouse.engine.pipeline.EngineOptions;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.pipeline.Tuning;
import dev.gatehouse.engine.runtime.Optimisation;
import dev.gatehouse.engine.runtime.SessionSettings;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.exporter.DataRows;
import dev.gatehouse.exporter.ExportOptions;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.exporter.inspect.Inspection;
import dev.gatehouse.exporter.parity.BundleCheck;
import dev.gatehouse.exporter.parity.PortableModel;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.exporter.reference.TinyVariants;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bundles whose larger layers multiply 8-bit integers. */
class IntegerModelsTest {
  @TempDir private Path folder;

  private static ModelSpec model(Network expert, GateSpec gate) {
    return new ModelSpec(TinyModels.grey(), TinyModels.CLASSES, 3, expert, gate);
  }

  private static TinyRun run(RoutingRule rule) {
    return TinyRun.spread(
        "large", model(TinyModels.large(), new GateSpec.Softmax(TinyModels.large())), rule, 1);
  }

  private Bundle export(TinyRun run) throws IOException {
    return export(run, ExportOptions.defaults().with(written -> rows(run)).inIntegers());
  }

  private Bundle export(TinyRun run, ExportOptions options) throws IOException {
    RunFolder written = run.write(folder.resolve("run"));
    return Exporter.export(written, folder.resolve("models"), "large", 1, options).bundle();
  }

  private static DataRows rows(TinyRun run) {
    return new DataRows.AtHand(run.rows().tensor(), run.rows().tensor(), run.rows().labels());
  }

  private static Rows raw(TinyRun run) {
    return Rows.ofUint8(run.rows().size(), run.rows().tensor().data());
  }

  static Stream<Arguments> kinds() {
    GateSpec softmax = new GateSpec.Softmax(TinyModels.large());
    GateSpec other = new GateSpec.Softmax(TinyModels.largeInOtherOrder());
    return Stream.of(
        Arguments.of(TinyModels.large(), softmax, new RoutingRule.TopK(1)),
        Arguments.of(TinyModels.large(), softmax, new RoutingRule.TopK(2)),
        Arguments.of(TinyModels.large(), softmax, new RoutingRule.Certified()),
        Arguments.of(TinyModels.large(), softmax, new RoutingRule.Dense()),
        Arguments.of(TinyModels.expert(), softmax, new RoutingRule.TopK(1)),
        Arguments.of(TinyModels.large(), new GateSpec.Entropy(2), new RoutingRule.Dense()),
        Arguments.of(TinyModels.largeInOtherOrder(), other, new RoutingRule.TopK(2)),
        Arguments.of(
            TinyModels.largeInOtherOrder(),
            new GateSpec.Attentive(TinyModels.large(), 4),
            new RoutingRule.Dense()));
  }

  /** Held to operators over floats that hold the same integers, by gate, expert and whole graph. */
  @ParameterizedTest
  @MethodSource("kinds")
  void shouldProveIntegersOfEveryKindOfModel(Network expert, GateSpec gate, RoutingRule rule)
      throws Exception {
    TinyRun run = TinyRun.untied("large", model(expert, gate), rule, 1);

    Bundle bundle = export(run);

    assertThat(BundleCheck.check(bundle.path()).maxAbsDiff()).isLessThan(1e-5);
    for (Optimisation level : Optimisation.values()) {
      requireSelfTest(bundle, level);
    }
    assertThat(requireNonNull(bundle.manifest().precision().activations()).on())
        .isEqualTo(Precision.On.TRAINING);
  }

  /** Kernels of other levels add floats in another order: no level may come of that. */
  private static void requireSelfTest(Bundle bundle, Optimisation level) throws IOException {
    if (bundle.manifest().rule() instanceof RoutingRule.Certified) {
      // The self-test is of all experts together.
      return;
    }
    SelfTest test = bundle.selfTest();
    SessionSettings settings = SessionSettings.of(level);
    EngineOptions options = EngineOptions.defaults().withTuning(new Tuning(settings, settings));
    try (MoeModel model = MoeModel.open(bundle.path(), options)) {
      Rows rows = Rows.ofUint8(test.size(), test.rows().data());
      assertThat(model.predict(rows).probabilities())
          .as(level.name())
          .containsExactly(test.outputs(), within(1e-5f));
    }
  }

  @Test
  void shouldComputeTheLargerLayersInIntegersAndNoOthers() throws Exception {
    Bundle bundle = export(run(new RoutingRule.TopK(1)));

    for (String file : List.of("gate.onnx", "experts/001.onnx")) {
      assertThat(operators(bundle.path().resolve(file)))
          .containsSubsequence(
              "QuantizeLinear",
              "Cast",
              "Sub",
              "Conv",
              "QuantizeLinear",
              "QLinearConv",
              "MaxPool",
              "Flatten",
              "MatMulInteger",
              "Relu",
              "Gemm",
              "Gemm",
              "Softmax")
          .filteredOn(op -> op.equals("Conv") || op.equals("Gemm") || op.startsWith("MatMul"))
          .hasSize(4);
    }
  }

  private static List<String> operators(Path file) throws IOException {
    return ModelProto.parseFrom(Files.readAllBytes(file)).getGraph().getNodeList().stream()
        .map(NodeProto::getOpType)
        .toList();
  }

  /** The plain loops know nothing of integers. */
  @Test
  void shouldAnswerNearlyAsTheTrainedModel() throws Exception {
    TinyRun run = run(new RoutingRule.TopK(1));
    float[] trained = run.selfTest().outputs();

    Bundle bundle = export(run);

    float[] now = bundle.selfTest().outputs();
    double mean = 0;
    for (int i = 0; i < now.length; i++) {
      mean += Math.abs(now[i] - trained[i]) / now.length;
    }
    assertThat(mean).isBetween(1e-5, 2e-2);
  }

  /** Some experts get no row of a batch of one, and a row's answer does not depend on others. */
  @Test
  void shouldAnswerARowTheSameWhateverItsBatch() throws Exception {
    TinyRun run = run(new RoutingRule.TopK(2));
    Bundle bundle = export(run);
    int length = run.rows().tensor().data().remaining() / run.rows().size();
    try (MoeModel model = MoeModel.open(bundle.path());
        PortableModel portable =
            PortableModel.open(bundle.path().resolve("model.onnx"), bundle.manifest())) {
      float[] together = model.predict(raw(run)).probabilities();
      float[] portably = portable.run(raw(run)).probabilities();
      assertThat(portably).containsExactly(together, within(1e-6f));
      for (int row = 0; row < run.rows().size(); row++) {
        Rows one = Rows.ofUint8(1, run.rows().tensor().data().slice(row * length, length));
        float[] alone = model.predict(one).probabilities();
        for (int c = 0; c < 4; c++) {
          assertThat(alone[c]).isCloseTo(together[4 * row + c], within(1e-6f));
          assertThat(portable.run(one).probabilities()[c]).isCloseTo(alone[c], within(1e-6f));
        }
      }
    }
  }

  @Test
  void shouldSayWhatItChangesAndWhatItsRangesWereSeenOn() throws Exception {
    TinyRun run = run(new RoutingRule.TopK(1));

    Bundle bundle = export(run);

    Precision precision = bundle.manifest().precision();
    assertThat(Files.readString(bundle.path().resolve("MODEL_CARD.md")))
        .containsPattern("the form\\s+w8a8: on 64 test rows")
        .containsPattern("ranges\\s+seen on 64 training rows");
    assertThat(String.join("\n", Inspection.of(bundle.path()).lines())).contains("test, w8a8");
    assertThat(precision.weights()).isEqualTo(Precision.Weights.INT8);
    assertThat(precision.activations())
        .isEqualTo(
            new Precision.Activations(
                Precision.On.TRAINING,
                run.rows().size(),
                requireNonNull(precision.activations()).growth()));
    Precision.Measured measured = requireNonNull(precision.measured());
    assertThat(measured.on()).isEqualTo(Precision.On.TEST);
    assertThat(measured.largestDifference()).isPositive();
    assertThat(measured.changed()).isLessThanOrEqualTo(0.05);
    assertThat(precision.growth()).isBetween(1.1, 1.2);
  }

  @Test
  void shouldSeeRangesOnTheSelfTestWhereTheDataAreNotAtHand() throws Exception {
    Precision precision =
        export(run(new RoutingRule.TopK(1)), ExportOptions.defaults().inIntegers())
            .manifest()
            .precision();

    assertThat(requireNonNull(precision.activations()).on()).isEqualTo(Precision.On.SELF_TEST);
  }

  @Test
  void shouldRefuseAModelOfSmallLayersAlone() throws Exception {
    TinyRun small = TinyVariants.PLAIN.run(1, 1);

    DataRows.Source unread =
        folder -> {
          throw new IllegalStateException("the data are not needed to say so");
        };
    assertThatThrownBy(() -> export(small, ExportOptions.defaults().with(unread).inIntegers()))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("no layer of this model is large enough")
        .hasMessageContaining("--quantize int8");
    assertThat(folder.resolve("models/large")).doesNotExist();
  }

  /** A head that is large computes in integers; the gate's never does. */
  @Test
  void shouldNotRoundTheGatesHead() throws Exception {
    ModelSpec wide =
        new ModelSpec(
            TinyModels.colour(),
            TinyModels.CLASSES,
            4,
            TinyModels.largeHead(),
            new GateSpec.Softmax(TinyModels.largeHead()));

    Bundle bundle = export(TinyRun.untied("large", wide, new RoutingRule.TopK(1), 1));

    assertThat(operators(bundle.path().resolve("gate.onnx")))
        .contains("Gemm")
        .containsOnlyOnce("MatMulInteger");
    assertThat(operators(bundle.path().resolve("experts/000.onnx")))
        .doesNotContain("Gemm")
        .filteredOn("MatMulInteger"::equals)
        .hasSize(2);
  }
}
