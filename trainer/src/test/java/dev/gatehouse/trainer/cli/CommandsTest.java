package dev.gatehouse.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.engine.Engine;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.trainer.array.Devices;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

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
  void shouldGoOnOnTheKindOfDeviceThatARunBeganOn() throws Exception {
    assumeThat(Devices.gpus()).isZero();
    Path table = folder.resolve("points.csv");
    Files.writeString(
        table,
        IntStream.range(0, 100)
            .mapToObj(i -> i + (i < 50 ? ",few" : ",many"))
            .collect(Collectors.joining("\n", "x,kind\n", "\n")));
    Path run = folder.resolve("run");
    StringWriter out = new StringWriter();
    int code =
        line(new TrainCommand(), out)
            .execute(
                "--dataset", table + "", "--label", "kind", "--epochs", "1", "--out", run + "");
    assertThat(code).as(out.toString()).isEqualTo(ExitCode.OK);
    Path described = run.resolve("run.json");
    String device = "\"device\" : \"cpu\"";
    assertThat(Files.readString(described)).contains(device);
    Files.writeString(
        described, Files.readString(described).replace(device, "\"device\" : \"gpu\""));

    StringWriter other = new StringWriter();
    line(new DistillCommand(), other).execute("--resume", run + "");
    assertThat(other.toString())
        .contains(run + ": is no distillation; go on with: gatehouse train --resume " + run);
    StringWriter refused = new StringWriter();
    line(new TrainCommand(), refused).execute("--resume", run + "");
    assertThat(refused.toString())
        .contains("device gpu: PyTorch finds no GPU here; take --device cpu");
    StringWriter moved = new StringWriter();
    line(new TrainCommand(), moved).execute("--resume", run + "", "--device", "cpu");
    assertThat(moved.toString()).contains("this run is complete").doesNotContain("device gpu");
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

  @CommandLine.Command(
      name = "all",
      subcommands = {TrainCommand.class, DistillCommand.class})
  private static final class All {}

  private String refusal(String arguments, Map<String, String> environment) {
    CommandLine line = new CommandLine(new All());
    line.setDefaultValueProvider(
        argument ->
            argument instanceof OptionSpec option ? environment.get(option.longestName()) : null);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    BadInput[] refused = new BadInput[1];
    line.setExecutionExceptionHandler(
        (failure, at, parsed) -> {
          refused[0] = (BadInput) failure;
          return ExitCode.BAD_INPUT;
        });
    assertThat(line.execute(arguments.replace("RUN", folder + "/run").split(" +", -1)))
        .isEqualTo(ExitCode.BAD_INPUT);
    return String.valueOf(refused[0].getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "train --resume RUN --epochs 9, --epochs",
    "train --epochs 9 --json --resume RUN, --epochs",
    "train --resume RUN --importance 0.5, --importance",
    "train --resume RUN --config c.yaml, --config",
    "train --resume RUN --column a=number, --column",
    "train --resume RUN --augment, --augment",
    "train --resume RUN --authors-scaling, --authors-scaling",
    "distill RUN --resume RUN --gate-share 0.5, --gate-share",
    "distill --resume RUN --gate-start fresh, --gate-start",
    "distill --resume RUN --serve top-2, --serve"
  })
  void shouldRefuseAFlagThatAResumedRunWouldNotHeed(String arguments, String flag) {
    assertThat(refusal(arguments, Map.of()))
        .isEqualTo(
            "--resume goes on with the run's own configuration, which "
                + flag
                + " cannot change; leave it out, or make another run with --out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train --resume RUN",
        "train --resume RUN --data-dir d --device cpu --json",
        "distill --resume RUN",
        "distill RUN --resume RUN --data-dir d --device cpu --json"
      })
  void shouldTakeWhatAResumedRunHeedsAndAnyEnvironment(String arguments) {
    assertThat(refusal(arguments, Map.of())).endsWith("run: no such run folder");
    assertThat(refusal(arguments, Map.of("--epochs", "9", "--seed", "3")))
        .endsWith("run: no such run folder");
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
