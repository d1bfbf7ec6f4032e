package dev.gatehouse.bench.cli;

import dev.gatehouse.bench.measure.Machine;
import dev.gatehouse.bench.model.Family;
import dev.gatehouse.bench.serve.StartBench;
import dev.gatehouse.bench.serve.StartResult;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.cli.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench start}: how soon a server answers. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description = {
      "Measures how long ./gatehouse serve takes from the start of its process to its first answer"
          + " over gRPC, with a model of random weights, beside a gRPC service that does nothing."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse bench start",
      "  gatehouse bench start --experts 64 --rounds 20 --json"
    })
public final class BenchStartCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();

  @Option(
      names = "--experts",
      paramLabel = "M",
      defaultValue = "5",
      description = "Experts of the MNIST model; ${DEFAULT-VALUE} if not given.")
  private int experts;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "10",
      description = "Starts of each side; ${DEFAULT-VALUE} if not given.")
  private int rounds;

  /**
   * What the command prints with {@code --json}.
   *
   * @param machine it was measured on
   * @param start the times
   */
  record Report(Machine machine, int experts, int rounds, StartResult start) {}

  @Override
  public Integer call() throws IOException {
    if (experts < 2) {
      throw new BadInput("experts must be at least 2; experts=" + experts);
    }
    if (rounds < 1) {
      throw new BadInput("rounds must be at least 1; rounds=" + rounds);
    }
    Path launcher = Path.of(System.getProperty("gatehouse.root", "")).resolve("gatehouse");
    if (!Files.isExecutable(launcher)) {
      throw new BadInput(
          "bench start measures what the launcher starts: run it as ./gatehouse bench start");
    }
    Machine machine = Machine.describe();
    output.text(machine.line());
    Measured.inFolder(folder -> measure(machine, launcher, folder));
    return ExitCode.OK;
  }

  private void measure(Machine machine, Path launcher, Path folder) throws IOException {
    StartResult seen;
    try (Progress bar = Progress.start("starts", rounds)) {
      seen =
          new StartBench(launcher, rounds)
              .measure(
                  Family.named("mnist"),
                  experts,
                  folder,
                  (own, noop) ->
                      bar.step(String.format(Locale.ROOT, "%.0f ms, no-op %.0f", own, noop)));
    }
    output.text(
        String.format(
            Locale.ROOT,
            "gatehouse serve answers after %.0f ms (%.0f to %.0f, %d starts), a gRPC service that"
                + " does nothing after %.0f: %.2f times as long",
            seen.firstAnswerMs(),
            seen.leastMs(),
            seen.mostMs(),
            rounds,
            seen.noopMs(),
            seen.ratioToNoop()));
    output.result(new Report(machine, experts, rounds, seen));
  }
}
