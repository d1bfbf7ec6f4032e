package dev.gatehouse.exporter.functional;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.exporter.DataRows;
import dev.gatehouse.exporter.ExportOptions;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.exporter.graph.OnnxFile;
import dev.gatehouse.exporter.inspect.Inspection;
import dev.gatehouse.exporter.lower.GraphForm;
import dev.gatehouse.exporter.lower.Lowering;
import dev.gatehouse.exporter.parity.BundleCheck;
import dev.gatehouse.exporter.reference.ReferenceModel;
import dev.gatehouse.exporter.reference.TinyBundles;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.exporter.reference.TinyVariants;
import dev.gatehouse.exporter.testing.BundleCopies;
import dev.gatehouse.exporter.testing.OnnxFiles;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.bundle.Precision.Weights;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.RunFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bundles whose weights are stored as fp16 or int8. */
class RoundedWeightsTest {
  private static final ModelSpec COLOUR =
      TinyModels.mixture(TinyModels.colour(), 3, new GateSpec.Softmax(TinyModels.gate()));

  @TempDir private Path folder;

  private static TinyRun run() {
    return TinyRun.spread("colour", COLOUR, new RoutingRule.TopK(1), 1);
  }

  private Bundle export(TinyRun run, Weights weights) throws IOException {
    return export(run, ExportOptions.defaults().with(weights));
  }

  private Bundle export(TinyRun run, ExportOptions options) throws IOException {
    Path models = folder.resolve(options.weights().name());
    RunFolder written = run.write(folder.resolve("run-" + options.weights()));
    return Exporter.export(written, models, run.run().id(), 1, options).bundle();
  }

  private static DataRows all(TinyRun run) {
    return new DataRows.AtHand(run.rows().tensor(), run.rows().tensor(), run.rows().labels());
  }

  @ParameterizedTest
  @EnumSource
  void shouldProveRoundedWeightsOfEveryVariant(TinyVariants variant) throws Exception {
    for (Weights weights : List.of(Weights.FLOAT16, Weights.INT8)) {
      Bundle bundle = export(variant.run(2, 3), weights);

      assertThat(BundleCheck.check(bundle.path()).maxAbsDiff()).as(weights.name()).isLessThan(1e-5);
    }
  }

  /** The plain loops know nothing of rounding: each form stays as near as its steps allow. */
  @Test
  void shouldAnswerNearlyAsTheTrainedModel() throws Exception {
    TinyRun run = run();
    assertThat(furthest(run, export(run, Weights.FLOAT16))).isBetween(1e-6, 5e-3);
    assertThat(furthest(run, export(run, Weights.INT8))).isBetween(1e-4, 6e-2);
  }

  private static double furthest(TinyRun run, Bundle bundle) {
    ReferenceModel reference = new ReferenceModel(run.run().model(), run.weights());
    double furthest = 0;
    try (MoeModel model = MoeModel.open(bundle.path())) {
      Rows rows = Rows.ofUint8(run.rows().size(), run.rows().tensor().data());
      Prediction served = model.predict(rows);
      for (int row = 0; row < run.rows().size(); row++) {
        float[] raw = raw(run, row);
        ReferenceModel.Answer answer = reference.answer(raw, run.run().serving());
        if (answer.chosen()[0] == served.routing().expertIndices()[row]) {
          for (int c = 0; c < answer.output().length; c++) {
            float now = served.probabilities()[row * answer.output().length + c];
            furthest = Math.max(furthest, Math.abs(now - answer.output()[c]));
          }
        }
      }
    }
    return furthest;
  }

  private static float[] raw(TinyRun run, int row) {
    ByteBuffer bytes = run.rows().tensor().data();
    int length = run.run().model().input().shape().elements();
    float[] raw = new float[length];
    for (int i = 0; i < length; i++) {
      raw[i] = bytes.get(row * length + i) & 0xff;
    }
    return raw;
  }

  @ParameterizedTest
  @EnumSource
  void shouldAnswerARowTheSameWhateverItsBatch(Weights weights) throws Exception {
    TinyRun run = run();
    try (MoeModel model = MoeModel.open(export(run, weights).path())) {
      float[] together =
          model
              .predict(Rows.ofUint8(run.rows().size(), run.rows().tensor().data()))
              .probabilities();
      for (int row = 0; row < run.rows().size(); row++) {
        float[] alone = model.predict(Rows.of(1, raw(run, row))).probabilities();
        assertThat(alone)
            .containsExactly(Arrays.copyOfRange(together, 4 * row, 4 * row + 4), within(1e-6f));
      }
    }
  }

  @Test
  void shouldSayWhatRoundingChangesOnTheTestRows() throws Exception {
    TinyRun run = run();

    Bundle bundle =
        export(run, ExportOptions.defaults().with(Weights.INT8).with(folder -> all(run)));

    Precision.Measured measured = requireNonNull(bundle.manifest().precision().measured());
    SelfTest exact = run.selfTest();
    SelfTest rounded = bundle.selfTest();
    assertThat(bundle.manifest().precision().weights()).isEqualTo(Weights.INT8);
    assertThat(measured.on()).isEqualTo(Precision.On.TEST);
    assertThat(measured.rows()).isEqualTo(run.rows().size());
    assertThat(measured.float32Error()).isEqualTo(error(exact));
    assertThat(measured.error()).isEqualTo(error(rounded));
    assertThat(measured.largestDifference())
        .isCloseTo(furthest(exact.outputs(), rounded.outputs()), within(1e-4));
    assertThat(Files.readString(bundle.path().resolve("MODEL_CARD.md")))
        .containsPattern("the form\\s+int8: on 64 test rows the error is");
  }

  private static double error(SelfTest test) {
    int wrong = 0;
    for (int row = 0; row < test.size(); row++) {
      int best = 0;
      for (int c = 1; c < 4; c++) {
        best = test.outputs()[4 * row + c] > test.outputs()[4 * row + best] ? c : best;
      }
      wrong += best == test.labels()[row] ? 0 : 1;
    }
    return (double) wrong / test.size();
  }

  private static double furthest(float[] a, float[] b) {
    double furthest = 0;
    for (int i = 0; i < a.length; i++) {
      furthest = Math.max(furthest, Math.abs((double) a[i] - b[i]));
    }
    return furthest;
  }

  @Test
  void shouldMeasureOnTheSelfTestWhereTheDataAreNotAtHand() throws Exception {
    Bundle bundle = export(run(), Weights.FLOAT16);

    assertThat(requireNonNull(bundle.manifest().precision().measured()).on())
        .isEqualTo(Precision.On.SELF_TEST);
  }

  /** It takes long to run two models over all test rows. */
  @Test
  void shouldSayThatAVersionIsThereBeforeItMeasures() throws Exception {
    RunFolder written = run().write(folder.resolve("run"));
    Path models = folder.resolve("models");
    Exporter.export(written, models, "rounded", 1);
    ExportOptions options =
        ExportOptions.defaults()
            .with(Weights.INT8)
            .with(
                any -> {
                  throw new AssertionError("nobody needs the test rows");
                });

    assertThatThrownBy(() -> Exporter.export(written, models, "rounded", 1, options))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            models.resolve("rounded/1")
                + ": is there already; export another version or remove it");
  }

  /** What is done to constants is done once, when a graph is loaded. */
  @Test
  void shouldCostARowTheSameHoweverWeightsAreStored() throws Exception {
    TinyRun run = TinyBundles.run("tiny-top2");
    Inspection exact = Inspection.of(export(run, Weights.FLOAT32).path());

    for (Weights weights : List.of(Weights.FLOAT16, Weights.INT8)) {
      Inspection rounded = Inspection.of(export(run, weights).path());
      assertThat(rounded.dense().flops()).as(weights.name()).isEqualTo(exact.dense().flops());
      assertThat(rounded.graphs())
          .as(weights.name())
          .extracting(graph -> graph.cost().otherElements())
          .isEqualTo(exact.graphs().stream().map(g -> g.cost().otherElements()).toList());
    }
  }

  @Test
  void shouldAskForTheDataWhereTheSelfTestHasNoLabels() throws Exception {
    TinyRun run = run();
    RunFolder written = run.write(folder.resolve("run"));
    SelfTest test = written.selfTest();
    written.write(
        new SelfTest(
            test.rule(),
            test.classes(),
            test.rows(),
            null,
            test.gateProbabilities(),
            test.outputs()));
    Path models = folder.resolve("models");
    ExportOptions options = ExportOptions.defaults().with(Weights.INT8);

    assertThatThrownBy(() -> Exporter.export(written, models, "rounded", 1, options))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "what rounded weights change is measured on rows with labels; the run's self-test has"
                + " none, and its data are not at hand (nobody was asked for the data): name them"
                + " with --data-dir");
    assertThat(
            Exporter.export(written, models, "rounded", 1, options.with(any -> all(run)))
                .bundle()
                .selfTest()
                .labels())
        .isNull();
  }

  @Test
  void shouldSayNothingOfWeightsAsTheyWereTrained() throws Exception {
    Bundle bundle = export(run(), Weights.FLOAT32);

    assertThat(bundle.manifest().precision()).isEqualTo(Precision.EXACT);
    assertThat(Files.readString(bundle.path().resolve("MODEL_CARD.md")))
        .doesNotContain("are stored");
  }

  @Test
  void shouldRefuseWeightsThatRoundingRuins() throws Exception {
    TinyRun run = run();
    Map<String, Tensor> tensors = new HashMap<>(run.weights().tensors());
    for (int e = 0; e < 3; e++) {
      // A feature that is always 0, and weights of it that leave the others no steps.
      float[] feature = floats(tensors, "experts." + e + ".trunk.4.weight");
      float[] bias = floats(tensors, "experts." + e + ".trunk.4.bias");
      float[] head = floats(tensors, "experts." + e + ".head.weight");
      Arrays.fill(feature, 0, 8, 0);
      bias[0] = -1;
      for (int c = 0; c < 4; c++) {
        head[6 * c] = 1000;
      }
      tensors.put("experts." + e + ".trunk.4.weight", Tensor.of(feature, 6, 8));
      tensors.put("experts." + e + ".trunk.4.bias", Tensor.of(bias, 6));
      tensors.put("experts." + e + ".head.weight", Tensor.of(head, 4, 6));
    }
    TinyRun ruined = new TinyRun(run.run(), new Safetensors(Map.of(), tensors), run.rows());

    assertThatThrownBy(() -> export(ruined, Weights.INT8))
        .isInstanceOf(BadInput.class)
        .hasMessageMatching(
            "rounded to int8, the model gives another class to \\d+\\.\\d% of 64 rows; at most 5% is"
                + " accepted: export them less rounded");
    assertThat(folder.resolve("INT8")).doesNotExist();
  }

  private static float[] floats(Map<String, Tensor> tensors, String name) {
    return requireNonNull(tensors.get(name), name).floats();
  }

  // --- what is refused of float32 bundles is refused of these ----------------------------------

  private void refused(Bundle tampered, String reason) {
    assertThatThrownBy(() -> BundleCheck.check(tampered.path()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(reason);
  }

  private Bundle withExpert(Bundle bundle, OnnxFile expert) throws IOException {
    return BundleCopies.copy(
        bundle,
        folder.resolve("copy"),
        copy -> OnnxFiles.write(expert, copy.resolve("experts/002.onnx")));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOAT32")
  void shouldRefuseAShiftedNormalisation(Weights weights) throws Exception {
    TinyRun run = run();
    InputSpec input = COLOUR.input();
    InputSpec shifted =
        new InputSpec(
            input.name(),
            input.datatype(),
            input.shape(),
            input.min(),
            input.max(),
            new InputSpec.Normalisation(255, List.of(0.1, 0.2, 0.41), List.of(0.2, 0.3, 0.5)));
    ModelSpec other = new ModelSpec(shifted, COLOUR.classes(), 3, COLOUR.expert(), COLOUR.gate());
    OnnxFile expert =
        new Lowering(
                other,
                run.weights(),
                run.run().serving(),
                "colour",
                new GraphForm(weights, Datatype.FP32))
            .expert(2);

    refused(withExpert(export(run, weights), expert), "the split graphs: differs from");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOAT32")
  void shouldRefuseWeightsThatAreNotRounded(Weights weights) throws Exception {
    TinyRun run = run();
    OnnxFile exact = Lowering.of(run.run(), run.weights(), GraphForm.FLOATS).expert(2);

    refused(withExpert(export(run, weights), exact), "the split graphs: differs from");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOAT32")
  void shouldRefuseAPermutedClassList(Weights weights) throws Exception {
    List<String> permuted = List.of("north-east", "north-west", "south-west", "south-east");

    refused(
        BundleCopies.withClasses(export(run(), weights), folder.resolve("copy"), permuted),
        "the self-test was recorded for the classes [north-west, north-east");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOAT32")
  void shouldRefuseRowsWithTheChannelsLast(Weights weights) throws Exception {
    Bundle bundle = export(run(), weights);
    SelfTest test = bundle.selfTest();
    int pixels = 7 * 6;
    byte[] last = new byte[test.rows().data().remaining()];
    for (int i = 0; i < last.length; i++) {
      int within = i % (3 * pixels);
      last[i - within + within % pixels * 3 + within / pixels] = test.rows().data().get(i);
    }
    SelfTest otherwise =
        new SelfTest(
            test.rule(),
            test.classes(),
            Tensor.of(last, test.size(), 3, 7, 6),
            test.labels(),
            test.gateProbabilities(),
            test.outputs());

    refused(
        BundleCopies.copy(
            bundle,
            folder.resolve("copy"),
            copy -> otherwise.write(copy.resolve(Bundle.SELF_TEST))),
        "differs from the trained model");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOAT32")
  void shouldRefuseARunWhoseGraphIsNotTheTrainedModel(Weights weights) throws Exception {
    TinyRun run = run();
    Path other = folder.resolve("run");
    run.write(other)
        .writeWeights(TinyRun.of("colour", COLOUR, new RoutingRule.TopK(1), 77).weights());

    assertThatThrownBy(
            () ->
                Exporter.export(
                    RunFolder.open(other),
                    folder.resolve("models"),
                    "rounded",
                    1,
                    ExportOptions.defaults().with(weights)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("the graph with float32 weights: differs from the trained model");
  }
}
