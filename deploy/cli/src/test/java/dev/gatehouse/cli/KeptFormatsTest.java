package dev.gatehouse.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.file.Sha256;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bundles and run folders of every format version there ever was are read as on their day. */
class KeptFormatsTest {
  private static final Path ROOT = Path.of(System.getProperty("gatehouse.root"));
  private static final Path RUNS = ROOT.resolve("proto/src/test/resources/formats");
  private static final Path BUNDLES = ROOT.resolve("server/engine/src/test/resources/bundles");

  @TempDir private Path folder;

  private static JsonNode gatehouse(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    int code = line.execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
    return JsonMapper.shared().readTree(out.toString());
  }

  // --- what is kept ----------------------------------------------------------------------------

  @Test
  void shouldLeaveEveryKeptFileAsItWas() throws IOException {
    Map<String, String> kept = new TreeMap<>();
    for (String line : Files.readAllLines(RUNS.resolve("SHA256SUMS"))) {
      String[] words = line.split(" +", 2);
      kept.put(words[1], words[0]);
    }
    Map<String, String> there = new TreeMap<>();
    for (Path file : files()) {
      there.put(ROOT.relativize(file).toString().replace('\\', '/'), Sha256.of(file));
    }

    assertThat(there)
        .as("kept files never change, and new ones join the list; see %s/README.md", RUNS)
        .isEqualTo(kept);
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> bundles = Files.walk(BUNDLES);
        Stream<Path> runs = Files.walk(RUNS)) {
      return Stream.concat(bundles, runs)
          .filter(Files::isRegularFile)
          .filter(file -> !file.endsWith("README.md") && !file.endsWith("SHA256SUMS"))
          .toList();
    }
  }

  @Test
  void shouldKeepABundleOfEveryVersion() throws IOException {
    assertThat(bundles().map(bundle -> version(bundle.resolve("manifest.json"))).distinct())
        .containsExactlyInAnyOrderElementsOf(upTo(Bundle.FORMAT_VERSION));
  }

  @Test
  void shouldKeepAFinishedAndAStoppedRunOfEveryVersion() throws IOException {
    assertThat(finished().map(run -> version(run.resolve("run.json"))))
        .containsExactlyInAnyOrderElementsOf(upTo(RunFolder.FORMAT_VERSION));
    assertThat(stopped().map(run -> version(run.resolve("run.json"))))
        .containsExactlyInAnyOrderElementsOf(upTo(RunFolder.FORMAT_VERSION));
  }

  private static int version(Path file) {
    return Json.readInt(file, "format_version");
  }

  private static List<Integer> upTo(int version) {
    return IntStream.rangeClosed(1, version).boxed().toList();
  }

  static Stream<Path> bundles() throws IOException {
    return foldersOf(BUNDLES, "").map(bundle -> bundle.resolve("1"));
  }

  static Stream<Path> finished() throws IOException {
    return foldersOf(RUNS, "run-");
  }

  static Stream<Path> stopped() throws IOException {
    return foldersOf(RUNS, "stopped-");
  }

  private static Stream<Path> foldersOf(Path parent, String prefix) throws IOException {
    try (Stream<Path> all = Files.list(parent)) {
      return all
          .filter(Files::isDirectory)
          .filter(each -> each.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList()
          .stream();
    }
  }

  // --- what can be done with it ----------------------------------------------------------------

  @ParameterizedTest
  @MethodSource("bundles")
  void shouldAnswerWithAKeptBundleAsOnItsDay(Path bundle) {
    gatehouse("verify", bundle, "--json");

    SelfTest recorded = Bundle.open(bundle).selfTest();
    ByteBuffer raw = recorded.rows().data();
    try (MoeModel model = MoeModel.open(bundle)) {
      Prediction now =
          model.predict(
              recorded.rows().dtype() == Safetensors.DType.U8
                  ? Rows.ofUint8(recorded.size(), raw)
                  : Rows.ofFp32(recorded.size(), raw));
      if (!(recorded.rule() instanceof RoutingRule.Certified)) {
        assertThat(now.probabilities()).containsExactly(recorded.outputs(), offset(1e-5f));
      }
      assertThat(now.classIndices()).containsExactly(largest(recorded));
      assertThat(now.routing().gateProbabilities())
          .containsExactly(recorded.gateProbabilities(), offset(1e-5f));
    }
  }

  private static int[] largest(SelfTest recorded) {
    int classes = recorded.classes().size();
    int[] largest = new int[recorded.size()];
    for (int i = 0; i < recorded.outputs().length; i++) {
      int row = i / classes;
      float best = recorded.outputs()[row * classes + largest[row]];
      largest[row] = recorded.outputs()[i] > best ? i % classes : largest[row];
    }
    return largest;
  }

  @ParameterizedTest
  @MethodSource("finished")
  void shouldMeasureAKeptRunAsOnItsDay(Path run) {
    JsonNode measured = gatehouse("evaluate", run, "--data-dir", RUNS, "--json");

    Run.Results then = requireNonNull(RunFolder.open(run).completeRun().results());
    requireSame(measured.get("validation"), then.validation());
    requireSame(measured.get("test"), then.test());
  }

  private static void requireSame(JsonNode measured, Run.Measurements then) {
    Run.Measurements now = Json.bind(measured, Run.Measurements.class, "evaluate");
    assertThat(now.rows()).isEqualTo(then.rows());
    assertThat(now.servedError()).isEqualTo(then.servedError());
    assertThat(now.denseError()).isEqualTo(then.denseError());
    assertThat(now.sampleEntropy()).isCloseTo(then.sampleEntropy(), within(1e-4));
    assertThat(now.usageEntropy()).isCloseTo(then.usageEntropy(), within(1e-4));
    assertThat(now.mutualInformation()).isCloseTo(then.mutualInformation(), within(1e-9));
  }

  @ParameterizedTest
  @MethodSource("finished")
  void shouldExportAKeptRun(Path run) {
    gatehouse("export", "--run", run, "--out", folder, "--name", "kept", "--json");

    gatehouse("verify", folder.resolve("kept/1"), "--json");
  }

  @ParameterizedTest
  @MethodSource("finished")
  void shouldDrawTheReportOfAKeptRun(Path run) {
    Path page = folder.resolve("report.html");

    gatehouse("report", run, "--data-dir", RUNS, "--out", page, "--json");

    assertThat(page).content().contains("flowers");
  }

  @ParameterizedTest
  @MethodSource("stopped")
  void shouldTakeTheConfigurationOfAKeptRun(Path run) {
    JsonNode planned =
        gatehouse(
            "train",
            "--config",
            run.resolve("config.yaml"),
            "--data-dir",
            RUNS,
            "--dry-run",
            "--json");

    int parameters =
        RunFolder.open(run).run().model().parameters().stream()
            .mapToInt(ParameterSpec::elements)
            .sum();
    assertThat(planned.get("parameters").intValue()).isEqualTo(parameters);
  }

  @ParameterizedTest
  @MethodSource("stopped")
  void shouldGoOnWithAKeptRunThatWasStopped(Path run) throws IOException {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    try (Stream<Path> files = Files.list(run)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, copy.resolve(file.getFileName().toString()));
      }
    }
    List<EpochMetrics> before = RunFolder.open(run).metrics();

    gatehouse("train", "--resume", copy, "--data-dir", RUNS, "--json");

    RunFolder ended = RunFolder.open(copy);
    assertThat(ended.completeRun().training().epochs()).isEqualTo(ended.metrics().size());
    assertThat(ended.metrics()).startsWith(before.toArray(EpochMetrics[]::new));
  }
}
