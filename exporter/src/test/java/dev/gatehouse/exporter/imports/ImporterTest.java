package dev.gatehouse.exporter.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl;
import ai.onnx.proto.OnnxMl.AttributeProto;
import com.sun.management.ThreadMXBean;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.exporter.inspect.Inspection;
import dev.gatehouse.exporter.inspect.InspectionPage;
import dev.gatehouse.exporter.parity.BundleCheck;
import dev.gatehouse.exporter.parity.PortableAnswer;
import dev.gatehouse.exporter.parity.PortableModel;
import dev.gatehouse.exporter.testing.ForeignModel;
import dev.gatehouse.exporter.testing.ForeignNets;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as other programs write them become bundles that answer as plain loops do. */
class ImporterTest {
  private static final int FEATURES = 6;
  private static final int CLASSES = 4;
  private static final Random RANDOM = new Random(77);

  @TempDir private Path folder;
  private final ForeignNets gate = ForeignNets.random(1, FEATURES, 3);
  private final List<ForeignNets> experts =
      List.of(
          ForeignNets.random(2, FEATURES, CLASSES),
          ForeignNets.random(3, FEATURES, CLASSES),
          ForeignNets.random(4, FEATURES, CLASSES));

  private Path file(String name, ForeignModel model) throws IOException {
    return model.write(folder.resolve(name));
  }

  private ImportOptions options(RoutingRule rule, Path gateFile, Path... expertFiles) {
    return new ImportOptions(
        gateFile,
        List.of(expertFiles),
        rule,
        new ImportOptions.Input(null, null, null, new ImportOptions.Range(-1, 1), null),
        null,
        Taken.UNSAID,
        Taken.UNSAID,
        new ImportOptions.Drawn(1));
  }

  private ImportReport imported(ImportOptions options) throws IOException {
    return Importer.run(options, folder.resolve("models"), "foreign", 1, step -> {});
  }

  private void refused(String reason, ImportOptions options) {
    assertThatThrownBy(() -> imported(options))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    assertThat(folder.resolve("models")).doesNotExist();
  }

  /** Each in another manner and another opset; the names and kinds are found out. */
  private Path[] mixedExperts() throws IOException {
    return new Path[] {
      file("torch.onnx", experts.get(0).pyTorch(17)),
      file("tf.onnx", experts.get(1).tensorFlow(13)),
      file("viewed.onnx", experts.get(2).viewed(14))
    };
  }

  private static float[] row() {
    float[] row = new float[FEATURES];
    for (int i = 0; i < FEATURES; i++) {
      row[i] = 2 * RANDOM.nextFloat() - 1;
    }
    return row;
  }

  private static Rows rows(List<float[]> rows) {
    ByteBuffer all = ByteBuffer.allocate(4 * FEATURES * rows.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      for (float value : row) {
        all.putFloat(value);
      }
    }
    return Rows.ofFp32(rows.size(), all.flip());
  }

  /** y = sum of the k most probable experts' answers, weighted; all of them for k = 3. */
  private double[] expected(float[] row, int k) {
    double[] p = gate.probabilities(row);
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2));
    order.sort((a, b) -> Double.compare(p[b], p[a]));
    double kept = order.subList(0, k).stream().mapToDouble(e -> p[e]).sum();
    double[] y = new double[CLASSES];
    for (int e : order.subList(0, k)) {
      double[] answer = experts.get(e).probabilities(row);
      for (int c = 0; c < CLASSES; c++) {
        y[c] += p[e] / kept * answer[c];
      }
    }
    return y;
  }

  private void answersLikePlainLoops(Bundle bundle, int k) {
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      rows.add(row());
    }
    float[] served;
    try (MoeModel model = MoeModel.open(bundle.path())) {
      Prediction prediction = model.predict(rows(rows));
      served = prediction.probabilities();
    }
    requireClose(served, rows, k);
    String portable = bundle.manifest().graphs().portable();
    if (portable != null) {
      for (List<float[]> some : List.of(rows, rows.subList(0, 1))) {
        try (PortableModel model = PortableModel.open(bundle.file(portable), bundle.manifest())) {
          PortableAnswer answer = model.run(rows(some));
          requireClose(answer.probabilities(), some, k);
        }
      }
    }
  }

  private void requireClose(float[] served, List<float[]> rows, int k) {
    for (int row = 0; row < rows.size(); row++) {
      double[] expected = expected(rows.get(row), k);
      for (int c = 0; c < CLASSES; c++) {
        assertThat((double) served[row * CLASSES + c])
            .as("row %d of seed 77, class %d", row, c)
            .isCloseTo(expected[c], within(2e-5));
      }
    }
  }

  // --- what is made ------------------------------------------------------------------------------

  @Test
  void shouldMakeASparseBundleOfFilesOfSeveralPrograms() throws Exception {
    ImportReport report =
        imported(
            options(new RoutingRule.TopK(2), file("gate.onnx", gate.pyTorch(17)), mixedExperts()));

    answersLikePlainLoops(report.bundle(), 2);
    Manifest manifest = report.bundle().manifest();
    assertThat(manifest.classes()).containsExactly("0", "1", "2", "3");
    assertThat(manifest.input().name()).isEqualTo("features");
    assertThat(manifest.input().shape()).isEqualTo(Shape.of(FEATURES));
    assertThat(manifest.provenance()).isNull();
    assertThat(manifest.results()).isNull();
    assertThat(manifest.baseline().share().stream().mapToDouble(d -> d).sum())
        .isCloseTo(1, within(1e-9));
    assertThat(report.notes())
        .satisfiesExactly(
            note ->
                assertThat(note)
                    .contains("'logits' gives logits (rows do not add up to 1)")
                    .contains("a softmax is appended; left out: features"),
            note -> assertThat(note).contains("torch.onnx: 'logits' gives logits"),
            note ->
                assertThat(note).endsWith("'Identity:0' gives probabilities (it ends in Softmax)"),
            note -> assertThat(note).contains("viewed.onnx: 'y' gives logits"));
    assertThat(report.withoutPortable()).isNull();
    assertThat(BundleCheck.check(report.bundle().path()).maxAbsDiff()).isLessThan(1e-5);
  }

  @ParameterizedTest
  @ValueSource(ints = {13, 14, 15, 16, 17, 18, 19, 20, 21})
  void shouldKeepTheOpsetOfEachFile(int opset) throws Exception {
    ImportReport report =
        imported(
            options(
                new RoutingRule.TopK(1),
                file("gate.onnx", gate.viewed(opset)),
                file("a.onnx", experts.get(0).pyTorch(opset)),
                file("b.onnx", experts.get(1).tensorFlow(opset)),
                file("c.onnx", experts.get(2).fixedBatch(opset, 1))));

    answersLikePlainLoops(report.bundle(), 1);
    assertThat(report.withoutPortable()).isNull();
    for (String file : List.of("gate.onnx", "experts/000.onnx", "experts/002.onnx")) {
      assertThat(opset(report.bundle().file(file))).as(file).isEqualTo(opset);
      check(report.bundle().file(file));
    }
    assertThat(opset(report.bundle().file("model.onnx"))).isEqualTo(Math.max(15, opset));
    check(report.bundle().file("model.onnx"));
  }

  private static long opset(Path file) throws IOException {
    return OnnxMl.ModelProto.parseFrom(Files.readAllBytes(file)).getOpsetImport(0).getVersion();
  }

  /** ONNX's own checker, with strict inference of shapes. */
  private static void check(Path file) {
    onnx.check_model(file.toString(), true, false, true);
  }

  @Test
  void shouldMakeADenseBundle() throws Exception {
    ImportReport report =
        imported(
            options(
                new RoutingRule.Dense(), file("gate.onnx", gate.tensorFlow(13)), mixedExperts()));

    answersLikePlainLoops(report.bundle(), 3);
    assertThat(report.bundle().manifest().routing()).isEqualTo(Manifest.Routing.DENSE);
    assertThat(report.bundle().path().resolve("gate.onnx")).doesNotExist();
    check(report.bundle().file("model.onnx"));
  }

  /** Batches of 1, and of 5, which divides nothing here. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void shouldFreeAFileOfItsBatch(int batch) throws Exception {
    ImportReport report =
        imported(
            options(
                new RoutingRule.TopK(2),
                file("gate.onnx", gate.fixedBatch(17, batch)),
                file("a.onnx", experts.get(0).fixedBatch(17, batch)),
                file("b.onnx", experts.get(1).fixedBatch(17, batch)),
                file("c.onnx", experts.get(2).fixedBatch(17, batch))));

    answersLikePlainLoops(report.bundle(), 2);
    assertThat(report.notes()).allSatisfy(n -> assertThat(n).contains("it ends in LogSoftmax"));
  }

  /** As PyTorch's newer exporter writes a Reshape: a 0 in its shape would be a size of 0. */
  @Test
  void shouldFreeAReshapeThatTakesZerosLiterally() throws Exception {
    AttributeProto literally = ForeignModel.number("allowzero", 1);

    ImportReport report =
        imported(
            options(
                new RoutingRule.TopK(2),
                file("gate.onnx", gate.fixedBatch(17, 5, literally)),
                file("a.onnx", experts.get(0).fixedBatch(14, 1, literally)),
                file("b.onnx", experts.get(1).fixedBatch(21, 5, literally)),
                file("c.onnx", experts.get(2).fixedBatch(17, 5))));

    answersLikePlainLoops(report.bundle(), 2);
    check(report.bundle().file("gate.onnx"));
  }

  @Test
  void shouldServeImagesOfBytes() throws Exception {
    ImportOptions options =
        new ImportOptions(
            file("gate.onnx", ForeignNets.convolutional(1, 17, 3, 8, 2)),
            List.of(
                file("a.onnx", ForeignNets.convolutional(2, 13, 3, 8, 5)),
                file("b.onnx", ForeignNets.convolutional(3, 21, 3, 8, 5))),
            new RoutingRule.TopK(1),
            new ImportOptions.Input(
                "picture",
                Datatype.UINT8,
                null,
                null,
                new ImportOptions.Scaling(255, List.of(0.1, 0.2, 0.4), List.of(0.25))),
            List.of("a", "b", "c", "d", "e"),
            new Taken(null, Kind.LOGITS),
            new Taken("y", Kind.LOGITS),
            new ImportOptions.Drawn(7));

    Bundle bundle = imported(options).bundle();

    assertThat(bundle.manifest().input().name()).isEqualTo("picture");
    assertThat(bundle.manifest().input().max()).isEqualTo(255);
    assertThat(bundle.manifest().input().shape()).isEqualTo(Shape.of(3, 8, 8));
    assertThat(bundle.selfTest().labels()).isNull();
    assertThat(bundle.manifest().input().normalisation())
        .isEqualTo(
            new InputSpec.Normalisation(255, List.of(0.1, 0.2, 0.4), List.of(0.25, 0.25, 0.25)));
    assertThat(opset(bundle.file("experts/000.onnx"))).isEqualTo(13);
    assertThat(opset(bundle.file("model.onnx"))).isEqualTo(21);
    check(bundle.file("model.onnx"));
  }

  /** (x / 2 - 0.5) / 0.5 = x - 1: what is served for x + 1 is what the files say of x. */
  @Test
  void shouldBringRawValuesToWhatTheFilesTake() throws Exception {
    ImportOptions plain =
        options(new RoutingRule.TopK(2), file("gate.onnx", gate.pyTorch(17)), mixedExperts());
    ImportOptions scaled =
        new ImportOptions(
            plain.gate(),
            plain.experts(),
            plain.rule(),
            new ImportOptions.Input(
                "x/scaled",
                null,
                null,
                new ImportOptions.Range(-1, 3),
                new ImportOptions.Scaling(2, List.of(0.5), List.of(0.5))),
            null,
            Taken.UNSAID,
            Taken.UNSAID,
            plain.rows());

    Bundle bundle = imported(scaled).bundle();

    List<float[]> rows = new ArrayList<>();
    List<float[]> raw = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add(row());
      float[] more = rows.get(i).clone();
      for (int f = 0; f < FEATURES; f++) {
        more[f] += 1;
      }
      raw.add(more);
    }
    try (MoeModel model = MoeModel.open(bundle.path())) {
      requireClose(model.predict(rows(raw)).probabilities(), rows, 2);
    }
    try (PortableModel model = PortableModel.open(bundle.file("model.onnx"), bundle.manifest())) {
      requireClose(model.run(rows(raw)).probabilities(), rows, 2);
    }
  }

  /** A mean of 1,000,000, a deviation of 0.3: what was scaled first would be known to 0.25. */
  @Test
  void shouldKeepWhatTellsRowsApartWhoseMeanLiesFarFromZero() throws Exception {
    ImportOptions plain =
        options(new RoutingRule.TopK(2), file("gate.onnx", gate.pyTorch(17)), mixedExperts());
    Bundle bundle =
        imported(
                new ImportOptions(
                    plain.gate(),
                    plain.experts(),
                    plain.rule(),
                    new ImportOptions.Input(
                        null,
                        null,
                        null,
                        new ImportOptions.Range(999_999, 1_000_001),
                        new ImportOptions.Scaling(1, List.of(1e6), List.of(0.3))),
                    null,
                    Taken.UNSAID,
                    Taken.UNSAID,
                    plain.rows()))
            .bundle();

    List<float[]> rows = new ArrayList<>();
    List<float[]> raw = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      float[] far = row();
      float[] near = new float[FEATURES];
      for (int f = 0; f < FEATURES; f++) {
        far[f] += 1e6f;
        near[f] = (float) ((far[f] - 1e6) / 0.3);
      }
      raw.add(far);
      rows.add(near);
    }
    try (MoeModel model = MoeModel.open(bundle.path())) {
      requireClose(model.predict(rows(raw)).probabilities(), rows, 2);
    }
  }

  @Test
  void shouldTakeRowsAndLabelsFromFiles() throws Exception {
    Path x = npy("x.npy", "<f4", "300, " + FEATURES, 300 * FEATURES);
    Path y = npy("y.npy", "<i4", "300,", 300);
    ImportOptions drawn =
        options(new RoutingRule.TopK(1), file("gate.onnx", gate.pyTorch(17)), mixedExperts());
    ImportOptions given =
        new ImportOptions(
            drawn.gate(),
            drawn.experts(),
            drawn.rule(),
            ImportOptions.Input.UNSAID,
            List.of("w", "x", "y", "z"),
            Taken.UNSAID,
            Taken.UNSAID,
            new ImportOptions.Given(x, y));

    Bundle bundle = imported(given).bundle();

    assertThat(bundle.manifest().baseline().rows()).isEqualTo(300);
    assertThat(bundle.selfTest().size()).isEqualTo(256);
    assertThat(bundle.selfTest().labels()).hasSize(256).containsOnly(0);
    assertThat(bundle.manifest().imported())
        .extracting(Manifest.Imported::rows, Manifest.Imported::seed)
        .containsExactly("given", null);
    assertThat(bundle.manifest().input().max()).isEqualTo(Float.MAX_VALUE);
    answersLikePlainLoops(bundle, 1);
  }

  /** Rows as floats would take four times the room of these. */
  @Test
  void shouldHoldManyRowsAsTheyCame() throws Exception {
    int features = 784;
    int n = 20_000;
    ForeignNets wide = ForeignNets.random(9, features, 2);
    ImportOptions options =
        new ImportOptions(
            file("gate.onnx", ForeignNets.random(8, features, 1).pyTorch(17)),
            List.of(file("a.onnx", wide.pyTorch(17))),
            new RoutingRule.TopK(1),
            ImportOptions.Input.UNSAID,
            null,
            Taken.UNSAID,
            Taken.UNSAID,
            new ImportOptions.Given(npy("x.npy", "|u1", n + ", " + features, n * features), null));
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();

    Bundle bundle = imported(options).bundle();

    assertThat(thread.getCurrentThreadAllocatedBytes() - before)
        .as("bytes on the heap for %d of rows", n * features)
        .isLessThan(3L * n * features);
    assertThat(bundle.manifest().baseline().rows()).isEqualTo(n);
  }

  /** An array whose elements are 0, but for a spread of floats. */
  private Path npy(String name, String type, String shape, int elements) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }\n".formatted(type, shape);
    out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.write(header.length());
    out.write(0);
    out.write(header.getBytes(StandardCharsets.US_ASCII));
    int bytes = type.endsWith("1") ? 1 : 4;
    ByteBuffer data = ByteBuffer.allocate(bytes * elements).order(ByteOrder.LITTLE_ENDIAN);
    Random random = new Random(5);
    for (int i = 0; i < elements && type.endsWith("f4"); i++) {
      data.putFloat(4 * i, (float) random.nextGaussian());
    }
    out.write(data.array());
    return Files.write(folder.resolve(name), out.toByteArray());
  }

  @Test
  void shouldLeaveOutThePortableGraphWhereAnOpsetCannotBeRaised() throws Exception {
    ForeignModel old =
        ForeignModel.of("pytorch", 13)
            .input("x", "n", FEATURES)
            .longs("one", 1)
            .node("Unsqueeze", List.of("x", "one"), List.of("wide"))
            .node(
                "ReduceMean",
                List.of("wide"),
                List.of("same"),
                ForeignModel.numbers("axes", 1),
                ForeignModel.number("keepdims", 0))
            .floats("w", new float[FEATURES * CLASSES], FEATURES, CLASSES)
            .node("MatMul", List.of("same", "w"), List.of("y"))
            .output("y", "n", CLASSES);
    Path gateFile = file("gate.onnx", gate.pyTorch(21));
    Path[] files = mixedExperts();
    files[1] = file("old.onnx", old);

    refused(
        "a dense bundle is one graph, and these files do not go into one: the node"
            + " '/ReduceMean_1' (ReduceMean) may mean something else under opset 21",
        options(new RoutingRule.Dense(), gateFile, files));
    ImportReport report = imported(options(new RoutingRule.TopK(1), gateFile, files));

    assertThat(report.withoutPortable()).contains("ReduceMean");
    assertThat(report.bundle().manifest().graphs().portable()).isNull();
    assertThat(report.bundle().path().resolve("model.onnx")).doesNotExist();
    assertThat(Files.readString(report.bundle().path().resolve("manifest.json")))
        .doesNotContain("\"portable\"", "\"provenance\"", "\"results\"");
    assertThat(report.parity().portable()).isNull();
    assertThat(BundleCheck.check(report.bundle().path()).portable()).isNull();
    // The same files of one opset go into one graph.
    ImportReport same =
        Importer.run(
            options(
                new RoutingRule.TopK(1),
                file("gate.onnx", gate.pyTorch(13)),
                files[1],
                file("b.onnx", experts.get(1).pyTorch(13)),
                files[1]),
            folder.resolve("models"),
            "foreign",
            2,
            step -> {});
    assertThat(same.withoutPortable()).isNull();
  }

  /** The parts have some 250 bytes each, and the whole model passes the limit. */
  @Test
  void shouldLeaveOutThePortableGraphWhereItWouldBeTooLong() throws Exception {
    Path gateFile = file("gate.onnx", gate.pyTorch(17));
    Path[] files = mixedExperts();
    Path models = folder.resolve("models");

    assertThatThrownBy(
            () ->
                Importer.run(
                    options(new RoutingRule.Dense(), gateFile, files),
                    models,
                    "foreign",
                    1,
                    1000,
                    step -> {}))
        .isInstanceOf(BadInput.class)
        .hasMessageMatching(
            "a dense bundle is one graph, and these files do not go into one: together they have"
                + " \\d+ bytes, and a file ends at 1000");
    assertThat(models).doesNotExist();
    ImportReport report =
        Importer.run(
            options(new RoutingRule.TopK(2), gateFile, files),
            models,
            "foreign",
            1,
            1000,
            step -> {});

    assertThat(report.withoutPortable()).endsWith("bytes, and a file ends at 1000");
    assertThat(report.bundle().manifest().graphs().portable()).isNull();
    answersLikePlainLoops(report.bundle(), 2);
    ImportReport whole =
        Importer.run(
            options(new RoutingRule.TopK(2), gateFile, files),
            models,
            "foreign",
            2,
            Integer.MAX_VALUE,
            step -> {});
    long length = Files.size(whole.bundle().file("model.onnx"));
    assertThat(report.withoutPortable()).contains("have " + length + " bytes");
  }

  @Test
  void shouldBeInspectedWithWhatIsNotKnownLeftOut() throws Exception {
    Bundle bundle =
        imported(
                options(
                    new RoutingRule.TopK(1), file("gate.onnx", gate.pyTorch(17)), mixedExperts()))
            .bundle();

    Inspection inspection = Inspection.of(bundle.path());

    assertThat(inspection.graphs())
        .extracting(graph -> graph.cost().flops())
        .containsExactly(
            2L * FEATURES * 3,
            2L * FEATURES * CLASSES,
            2L * FEATURES * CLASSES,
            2L * FEATURES * CLASSES);
    assertThat(String.join("\n", inspection.lines()))
        .contains("Imported: how it was trained", "gate.producer", "pytorch")
        .doesNotContain("Measured");
    assertThat(InspectionPage.html(inspection)).contains("imported: not measured here");
    assertThat(bundle.path().resolve("MODEL_CARD.md"))
        .content()
        .contains("tf.onnx", "drawn evenly from the input's range");
  }

  @Test
  void shouldShareAnExpertWithTheNextVersion() throws Exception {
    ImportOptions options =
        options(new RoutingRule.TopK(1), file("gate.onnx", gate.pyTorch(17)), mixedExperts());
    Bundle one = imported(options).bundle();

    ImportReport two = Importer.run(options, folder.resolve("models"), "foreign", 2, step -> {});

    for (String file : one.manifest().graphs().experts()) {
      assertThat(Files.isSameFile(one.file(file), two.bundle().file(file))).isTrue();
    }
    assertThat(two.sharedBytes()).isPositive();
  }

  /** It takes long to run the files over many rows. */
  @Test
  void shouldSayThatAVersionIsThereBeforeItRunsAnything() throws Exception {
    ImportOptions options =
        options(new RoutingRule.TopK(1), file("gate.onnx", gate.pyTorch(17)), mixedExperts());
    imported(options);
    List<String> steps = new ArrayList<>();

    assertThatThrownBy(
            () -> Importer.run(options, folder.resolve("models"), "foreign", 1, steps::add))
        .isInstanceOf(BadInput.class)
        .hasMessageEndingWith("foreign/1: is there already; export another version or remove it");

    assertThat(steps).isEmpty();
  }

  // --- what is refused ---------------------------------------------------------------------------

  @Test
  void shouldRefuseWhatIsNoOnnxFile() throws Exception {
    Path text = Files.writeString(folder.resolve("a.onnx"), "not a model at all");
    Path gateFile = file("gate.onnx", gate.pyTorch(17));

    refused(text + ": is no ONNX file", options(new RoutingRule.TopK(1), gateFile, text));
    refused(
        "nothing.onnx: no such file",
        options(new RoutingRule.TopK(1), gateFile, folder.resolve("nothing.onnx")));
    Files.write(text, new byte[0]);
    refused(text + ": is no ONNX file", options(new RoutingRule.TopK(1), gateFile, text));
  }

  @Test
  void shouldRefuseInputsThatAreNotOneBatchOfFloats() throws Exception {
    Path gateFile = file("gate.onnx", gate.pyTorch(17));
    RoutingRule top = new RoutingRule.TopK(1);

    refused(
        "takes 2 inputs: input.1, mask; a gate or an expert takes one",
        options(top, gateFile, file("a.onnx", experts.get(0).pyTorch(17).input("mask", "n", 3))));
    ForeignModel bytes =
        ForeignModel.of("x", 17)
            .inputOfType("x", 2, "n", FEATURES)
            .node("Cast", List.of("x"), List.of("y"), ForeignModel.number("to", 1))
            .output("y", "n", FEATURES);
    refused(
        "its input 'x' is uint8; 32-bit floats are needed",
        options(top, gateFile, file("a.onnx", bytes)));
    ForeignModel open =
        ForeignModel.of("x", 17)
            .input("x", "n", "length")
            .node("Relu", List.of("x"), List.of("y"))
            .output("y", "n", "length");
    refused(
        "its input 'x' has the shape [n, length], whose size 'length' the data decide; say the"
            + " shape of a row with --input-shape",
        options(top, file("gate.onnx", open), file("a.onnx", experts.get(0).pyTorch(17))));
  }

  @Test
  void shouldRefuseExpertsThatDoNotGoTogether() throws Exception {
    Path gateFile = file("gate.onnx", gate.pyTorch(17));
    RoutingRule top = new RoutingRule.TopK(1);
    Path[] files = mixedExperts();

    Path wide = file("wide.onnx", ForeignNets.random(9, FEATURES + 1, CLASSES).pyTorch(17));
    refused(
        "wide.onnx: takes rows of the shape [7], and ",
        options(top, gateFile, files[0], files[1], wide));
    Path more = file("more.onnx", ForeignNets.random(9, FEATURES, CLASSES + 1).pyTorch(17));
    refused(
        "more.onnx: has no output of 32-bit floats and the shape [rows, 4]; it gives 'logits' float"
            + " [batch_size, 5]",
        options(top, gateFile, files[0], files[1], more));
    refused(
        "gate.onnx: has no output of 32-bit floats and the shape [rows, 2]",
        options(top, gateFile, files[0], files[1]));
  }

  @Test
  void shouldRefuseOperatorsThatOnnxRuntimeDoesNotBring() throws Exception {
    Path gateFile = file("gate.onnx", gate.pyTorch(17));
    ForeignModel own = experts.get(0).pyTorch(17);
    own.proto().getGraphBuilder().getNodeBuilder(0).setDomain("com.acme").setOpType("Magic");
    own.proto()
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setDomain("com.acme").setVersion(1));
    RoutingRule top = new RoutingRule.TopK(1);

    refused(
        "the node '/Gemm_0' (Magic) is of the operator domain 'com.acme'; known are",
        options(top, gateFile, file("a.onnx", own)));
    refused(
        "needs version 9 of ONNX's operators (opset); versions 13 to 21 are read",
        options(top, gateFile, file("a.onnx", experts.get(0).pyTorch(9))));
    refused(
        "needs version 22 of", options(top, gateFile, file("a.onnx", experts.get(0).pyTorch(22))));
    ForeignModel outside = experts.get(0).pyTorch(17);
    outside
        .proto()
        .getGraphBuilder()
        .getInitializerBuilder(0)
        .clearRawData()
        .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL);
    refused("lies in another file", options(top, gateFile, file("a.onnx", outside)));
  }

  @Test
  void shouldRefuseProbabilitiesThatAreNone() throws Exception {
    ImportOptions plain =
        options(new RoutingRule.TopK(1), file("gate.onnx", gate.pyTorch(17)), mixedExperts());
    ImportOptions said =
        new ImportOptions(
            plain.gate(),
            plain.experts(),
            plain.rule(),
            plain.input(),
            null,
            new Taken(null, Kind.PROBABILITIES),
            Taken.UNSAID,
            plain.rows());

    refused("gate.onnx: 'logits' gives no probabilities (as --gate-output says)", said);
  }

  @Test
  void shouldRefuseAFileThatIsHeldToItsBatchByMoreThanAReshape() throws Exception {
    ForeignModel tiled =
        ForeignModel.of("x", 17)
            .input("x", 2, FEATURES)
            .floats("w", new float[2 * FEATURES], 2, FEATURES)
            .node("Add", List.of("x", "w"), List.of("sum"))
            .floats("v", new float[FEATURES * CLASSES], FEATURES, CLASSES)
            .node("MatMul", List.of("sum", "v"), List.of("y"))
            .output("y", 2, CLASSES);

    refused(
        "a.onnx: does not run over any number of rows at once; export with a dynamic batch",
        options(
            new RoutingRule.TopK(1),
            file("gate.onnx", ForeignNets.random(1, FEATURES, 1).pyTorch(17)),
            file("a.onnx", tiled)));
  }

  @Test
  void shouldRefuseRowsWithoutARangeToDrawThemFrom() throws Exception {
    ImportOptions plain =
        options(new RoutingRule.TopK(1), file("gate.onnx", gate.pyTorch(17)), mixedExperts());

    refused(
        "name it with --range MIN..MAX, or give rows with --rows FILE.npy",
        new ImportOptions(
            plain.gate(),
            plain.experts(),
            plain.rule(),
            ImportOptions.Input.UNSAID,
            null,
            Taken.UNSAID,
            Taken.UNSAID,
            plain.rows()));
    assertThatThrownBy(() -> options(new RoutingRule.TopK(4), plain.gate(), mixedExperts()))
        .hasMessage("a row is given to 1 to all of the experts; experts=3, top-4");
  }
}
