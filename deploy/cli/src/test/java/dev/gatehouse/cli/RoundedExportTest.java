package dev.gatehouse.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.bundle.Precision.Measured;
import dev.gatehouse.proto.bundle.Precision.Weights;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** A kept run exported with rounded weights: what the command says that it costs. */
class RoundedExportTest {
  private static final Path RUNS =
      Path.of(System.getProperty("gatehouse.root"), "proto/src/test/resources/formats");
  private static final Path RUN = RUNS.resolve("run-1");

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private int export(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("export", "--run", RUN.toString(), "--out", folder.toString(), "--name"));
    arguments.add("kept");
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private Precision exported() {
    return Bundle.open(folder.resolve("kept/1")).manifest().precision();
  }

  @ParameterizedTest
  @CsvSource({"--precision, fp16, FLOAT16", "--quantize, int8, INT8"})
  void shouldMeasureOnTheTestSetAsTheTrainerDid(String option, String form, Weights weights)
      throws Exception {
    assertThat(export(option, form, "--data-dir", RUNS.toString()))
        .as(err.toString())
        .isEqualTo(ExitCode.OK);

    Run.Measurements trained = requireNonNull(RunFolder.open(RUN).completeRun().results()).test();
    Measured measured = requireNonNull(exported().measured());
    assertThat(exported().weights()).isEqualTo(weights);
    assertThat(measured.on()).isEqualTo(Precision.On.TEST);
    assertThat(measured.rows()).isEqualTo(trained.rows());
    assertThat(measured.float32Error()).isCloseTo(trained.servedError(), within(1e-12));
    assertThat(measured.largestDifference()).isBetween(1e-7, 0.1);
    assertThat(out.toString())
        .contains("rounded  " + weights.name().toLowerCase(java.util.Locale.ROOT) + ": error ")
        .contains(" of " + trained.rows() + " test rows change class");
    assertThat(err.toString()).isEmpty();
    assertThat(run("verify", folder.resolve("kept/1").toString())).isEqualTo(ExitCode.OK);
  }

  @Test
  void shouldRefuseIntegersThatMakeNothingFaster() {
    assertThat(export("--quantize", "w8a8", "--data-dir", RUNS.toString()))
        .isEqualTo(ExitCode.BAD_INPUT);

    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("gatehouse: no layer of this model is large enough");
    assertThat(folder.resolve("kept")).doesNotExist();
  }

  @Test
  void shouldSayInOneLineThatTheTestSetIsNotAtHand() throws Exception {
    Path alone = Files.createDirectory(folder.resolve("alone"));
    copy(RUN, alone);
    Files.writeString(
        alone.resolve("data.json"),
        Files.readString(RUN.resolve("data.json")).replaceAll("[^\"]*flowers.csv", "gone.csv"));

    assertThat(
            run(
                "export",
                "--run",
                alone.toString(),
                "--out",
                folder.toString(),
                "--name",
                "kept",
                "--quantize",
                "int8"))
        .as(err.toString())
        .isEqualTo(ExitCode.OK);

    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString())
        .startsWith("gatehouse: what rounding changes is measured on the self-test's rows alone: ")
        .contains("gone.csv");
    assertThat(requireNonNull(exported().measured()).on()).isEqualTo(Precision.On.SELF_TEST);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void shouldNotPassOverAFolderThatHasNotTheData() {
    assertThat(export("--quantize", "int8", "--data-dir", folder.toString()))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(folder.resolve("kept")).doesNotExist();
  }

  @Test
  void shouldNotLookForDataThatNobodyNeeds() {
    assertThat(export("--data-dir", folder.toString())).as(err.toString()).isEqualTo(ExitCode.OK);
    assertThat(exported()).isEqualTo(Precision.EXACT);
  }

  @Test
  void shouldTakeOneFormOfWeights() {
    assertThat(export("--precision", "fp16", "--quantize", "int8")).isEqualTo(ExitCode.USAGE);
    assertThat(export("--quantize", "int4")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void shouldRefuseBytesWhereTheDataAreNone() {
    assertThat(export("--input", "uint8")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err)
        .hasToString(
            "gatehouse: a graph that takes uint8 needs data that are bytes; features is FP32\n");
    assertThat(folder.resolve("kept")).doesNotExist();
  }
}
