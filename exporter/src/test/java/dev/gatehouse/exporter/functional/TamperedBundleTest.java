package dev.gatehouse.exporter.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.exporter.graph.OnnxFile;
import dev.gatehouse.exporter.lower.GraphForm;
import dev.gatehouse.exporter.lower.Lowering;
import dev.gatehouse.exporter.parity.BundleCheck;
import dev.gatehouse.exporter.reference.TinyBundles;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.exporter.testing.BundleCopies;
import dev.gatehouse.exporter.testing.OnnxFiles;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way in which served graphs can quietly differ from the trained model is refused. */
@ParameterizedClass
@MethodSource("rules")
class TamperedBundleTest {
  @Parameter private RoutingRule rule = new RoutingRule.Dense();
  @TempDir private Path folder;
  private TinyRun run;
  private Bundle bundle;

  static Stream<RoutingRule> rules() {
    return Stream.of(new RoutingRule.TopK(1), new RoutingRule.Certified());
  }

  @BeforeEach
  void export() throws IOException {
    ModelSpec model =
        TinyModels.mixture(TinyModels.colour(), 3, new GateSpec.Softmax(TinyModels.gate()));
    run = TinyRun.spread("colour", model, rule, 1);
    bundle =
        Exporter.export(run.write(folder.resolve("run")), folder.resolve("models"), "colour", 1)
            .bundle();
  }

  private void refused(Bundle tampered, String reason) {
    assertThatThrownBy(() -> BundleCheck.check(tampered.path()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private Bundle withSelfTest(SelfTest test) throws IOException {
    return BundleCopies.copy(
        bundle, folder.resolve("copy"), copy -> test.write(copy.resolve(Bundle.SELF_TEST)));
  }

  @Test
  void shouldAcceptAnUnchangedCopy() throws Exception {
    Bundle copy = BundleCopies.copy(bundle, folder.resolve("copy"), files -> {});

    assertThat(BundleCheck.check(copy.path()).maxAbsDiff()).isLessThan(1e-5);
  }

  @Test
  void shouldRefuseASelfTestWithOneValueAltered() throws Exception {
    SelfTest test = bundle.selfTest();
    float[] outputs = test.outputs().clone();
    outputs[17] += 2e-4f;

    refused(
        withSelfTest(
            new SelfTest(
                test.rule(),
                test.classes(),
                test.rows(),
                test.labels(),
                test.gateProbabilities(),
                outputs)),
        "model.onnx: differs from the trained model");
  }

  @Test
  void shouldRefuseAPermutedClassList() throws Exception {
    List<String> permuted = List.of("north-east", "north-west", "south-west", "south-east");

    refused(
        BundleCopies.withClasses(bundle, folder.resolve("copy"), permuted),
        "the self-test was recorded for the classes [north-west, north-east");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "gate.onnx", "experts/001.onnx"})
  void shouldRefuseASecondSoftmax(String graph) throws Exception {
    Bundle twice =
        BundleCopies.copy(
            bundle, folder.resolve("copy"), copy -> secondSoftmax(copy.resolve(graph)));

    refused(twice, "differs from the trained model");
  }

  @Test
  void shouldRefuseAShiftedNormalisation() throws Exception {
    InputSpec input = run.run().model().input();
    InputSpec shifted =
        new InputSpec(
            input.name(),
            input.datatype(),
            input.shape(),
            input.min(),
            input.max(),
            new InputSpec.Normalisation(255, List.of(0.1, 0.2, 0.41), List.of(0.2, 0.3, 0.5)));
    ModelSpec model = run.run().model();
    ModelSpec other = new ModelSpec(shifted, model.classes(), 3, model.expert(), model.gate());
    OnnxFile graph =
        new Lowering(other, run.weights(), run.run().serving(), "colour", GraphForm.FLOATS)
            .expert(2);

    refused(
        BundleCopies.copy(
            bundle,
            folder.resolve("copy"),
            copy -> OnnxFiles.write(graph, copy.resolve("experts/002.onnx"))),
        "the split graphs: differs from the trained model");
  }

  @Test
  void shouldRefuseRowsWithTheChannelsLast() throws Exception {
    SelfTest test = bundle.selfTest();
    ByteBuffer chw = test.rows().data();
    byte[] hwc = new byte[chw.remaining()];
    int pixels = 7 * 6;
    for (int i = 0; i < hwc.length; i++) {
      int row = i / (3 * pixels);
      int channel = i / pixels % 3;
      hwc[row * 3 * pixels + i % pixels * 3 + channel] = chw.get(i);
    }

    refused(
        withSelfTest(
            new SelfTest(
                test.rule(),
                test.classes(),
                Tensor.of(hwc, test.size(), 3, 7, 6),
                test.labels(),
                test.gateProbabilities(),
                test.outputs())),
        "differs from the trained model");
  }

  @Test
  void shouldRefuseAByteThatTheChecksumsDoNotKnow() throws Exception {
    Path graph = bundle.file("experts/000.onnx");
    byte[] bytes = Files.readAllBytes(graph);
    bytes[bytes.length / 2] ^= 1;
    Files.write(graph, bytes);

    refused(bundle, "the file experts/000.onnx does not match its sha256");
  }

  @Test
  void shouldRefuseAMissingExpert() throws Exception {
    Files.delete(bundle.file("experts/001.onnx"));

    refused(bundle, "the file experts/001.onnx is missing");
  }

  @Test
  void shouldRefuseATruncatedGraph() throws Exception {
    Path graph = bundle.file("gate.onnx");
    Files.write(graph, java.util.Arrays.copyOf(Files.readAllBytes(graph), 100));

    refused(bundle, "the file gate.onnx has 100 bytes, not ");
  }

  @Test
  void shouldRefuseABundleOfTheFuture() throws Exception {
    rewriteManifest("\"format_version\" : 1", "\"format_version\" : 7");

    refused(bundle, "bundle of format version 7; this Gatehouse reads version 1");
  }

  @Test
  void shouldRefuseAPathThatLeavesTheBundle() throws Exception {
    Files.copy(bundle.file("gate.onnx"), bundle.path().getParent().resolve("gate.onnx"));
    rewriteManifest("\"gate.onnx\"", "\"../gate.onnx\"");

    refused(bundle, "the file ../gate.onnx lies outside the bundle");
  }

  @Test
  void shouldRefuseALinkOutOfTheBundle() throws Exception {
    Path graph = bundle.file("gate.onnx");
    Path outside = Files.move(graph, folder.resolve("gate.onnx"));
    Files.createSymbolicLink(graph, outside);

    refused(bundle, "the file gate.onnx is a link");
  }

  @Test
  void shouldRefuseAHalfWrittenFolder() throws Exception {
    Files.delete(bundle.path().resolve(Bundle.MANIFEST));

    refused(bundle, "no model bundle: there is no manifest.json");
  }

  private void rewriteManifest(String from, String to) throws IOException {
    Path manifest = bundle.path().resolve(Bundle.MANIFEST);
    String text = Files.readString(manifest);
    assertThat(text).contains(from);
    Files.writeString(manifest, text.replace(from, to));
  }

  /** Puts a softmax behind the graph's first output, which is one already. */
  private static void secondSoftmax(Path file) throws IOException {
    OnnxMl.ModelProto.Builder model =
        OnnxMl.ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    OnnxMl.GraphProto.Builder graph = model.getGraphBuilder();
    String output = graph.getOutput(0).getName();
    for (OnnxMl.NodeProto.Builder node : graph.getNodeBuilderList()) {
      for (int i = 0; i < node.getOutputCount(); i++) {
        if (node.getOutput(i).equals(output)) {
          node.setOutput(i, "once");
        }
      }
    }
    graph.addNode(
        OnnxMl.NodeProto.newBuilder()
            .setOpType("Softmax")
            .setName("twice")
            .addInput("once")
            .addOutput(output));
    Files.write(file, model.build().toByteArray());
  }

  @Test
  void shouldNotExportOverAVersionThatIsThere() throws Exception {
    assertThatThrownBy(
            () ->
                Exporter.export(
                    run.write(folder.resolve("again")), folder.resolve("models"), "colour", 1))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("is there already");
    assertThat(BundleCheck.check(bundle.path()).maxAbsDiff()).isLessThan(1e-5);
  }

  @Test
  void shouldLeaveNothingOfAnExportThatIsRefused() throws Exception {
    TinyRun other = TinyBundles.run("tiny-top1");
    Path runFolder = folder.resolve("nan");
    other.write(runFolder);
    dev.gatehouse.proto.run.RunFolder.open(runFolder)
        .writeWeights(other.withNanExpert(1).weights());

    assertThatThrownBy(
            () ->
                Exporter.export(
                    dev.gatehouse.proto.run.RunFolder.open(runFolder),
                    folder.resolve("elsewhere"),
                    "nan",
                    1))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("differs from the trained model by");
    assertThat(folder.resolve("elsewhere")).doesNotExist();
  }
}
