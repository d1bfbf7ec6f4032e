package dev.gatehouse.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.engine.Engine;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class CommandsTest {
  @TempDir private Path folder;

  private static Stream<Callable<Integer>> commands() {
    return Stream.of(
        new TrainCommand(),
        new DistillCommand(),
        new EvaluateCommand(),
        new ReportCommand(),
        new CompareCommand());
  }

  private static CommandLine line(Callable<Integer> command, StringWriter to) {
    CommandLine line = new CommandLine(command);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(new PrintWriter(to));
    line.setErr(new PrintWriter(to));
    line.setExecutionExceptionHandler(
        (failure, at, parsed) -> {
          throw failure;
        });
    return line;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void shouldShowExamplesInTheHelp(Callable<Integer> command) {
    StringWriter out = new StringWriter();

    assertThat(line(command, out).execute("--help")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Examples:", "gatehouse ", "--json");
  }

  @Test
  void shouldNameTheRuleThatIsNoneAsAUsageError() {
    StringWriter out = new StringWriter();

    int code =
        line(new TrainCommand(), out).execute("--out", folder + "/run", "--rule", "top-none");

    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(out.toString())
        .contains("a routing rule is dense, certified or top-K")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--serve certified                 | rule certified needs a gate that knows the experts",
        "--serve certified --gate entropy  | rule certified needs a gate that knows the experts",
        "--rule certified --gate softmax   | rule certified is one to serve by",
        "--augment=crop:3                  | augment is true, false, flip, shift:PIXELS",
        "--augment shift:99                | shift must be less than an image's height and width; shift=99"
      })
  void shouldRefuseWhatCannotBe(String options, String reason) {
    TrainCommand command = new TrainCommand();
    new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(("--dry-run " + options).split(" +"));

    assertThatThrownBy(command::call)
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void shouldLeaveNoRunFolderBehindForAnUnknownDataSet() {
    Path run = folder.resolve("run");

    assertThatThrownBy(
            () ->
                new CommandLine(new TrainCommand())
                    .setExecutionExceptionHandler(
                        (failure, at, parsed) -> {
                          throw failure;
                        })
                    .parseArgs("--out", run.toString(), "--dataset", "nothing")
                    .commandSpec()
                    .commandLine()
                    .<TrainCommand>getCommand()
                    .call())
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("nothing");
    assertThat(run).doesNotExist();
  }

  @Test
  void shouldOfferTheCpuWhereThereIsNoGpu() {
    assumeThat(Engine.getInstance().getGpuCount()).as("there is a GPU here").isZero();
    String run = folder.resolve("run").toString();
    for (String[] line :
        List.of(
            new String[] {"--out", run, "--device", "gpu"},
            new String[] {"--dry-run", "--device", "gpu"})) {
      TrainCommand command = new TrainCommand();
      new CommandLine(command).parseArgs(line);

      assertThatThrownBy(command::call)
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith("device gpu: PyTorch finds no GPU here; take --device cpu");
    }
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void shouldRefuseToEvaluateWhatIsNoRunFolder() {
    EvaluateCommand command = new EvaluateCommand();
    new CommandLine(command).parseArgs(folder.resolve("none").toString());

    assertThatThrownBy(command::call)
        .isInstanceOf(BadInput.class)
        .hasMessageEndingWith("none: no such run folder");
  }
}
