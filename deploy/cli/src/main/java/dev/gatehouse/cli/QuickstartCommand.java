package dev.gatehouse.cli;

import dev.gatehouse.cli.quickstart.Quickstart;
import dev.gatehouse.cli.quickstart.QuickstartOptions;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.service.app.Server;
import dev.gatehouse.service.cli.PortOptions;
import dev.gatehouse.service.cli.StopOnSignal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quickstart}: the whole path in one command. */
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    description = {
      "The whole path: trains, distils, exports and serves a mixture, and shows who did what.",
      "Sends the whole test set through gRPC. The server stays up until Ctrl-C."
    },
    footer = {
      "",
      "Examples:",
      "  gatehouse quickstart",
      "  gatehouse quickstart --dataset mnist",
      "  gatehouse quickstart --exit --json"
    })
final class QuickstartCommand implements Callable<Integer> {
  @Mixin private Output output = new Output();
  @Mixin private PortOptions ports = new PortOptions();

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      defaultValue = "strokes",
      description = "strokes (embedded), mnist or fashion-mnist; default ${DEFAULT-VALUE}.")
  private String dataset = "";

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Folder of the data set's files; by default they are taken from the cache, and downloaded"
              + " where they are missing.")
  private @Nullable Path dataDir;

  @Option(
      names = "--architecture",
      paramLabel = "ARCHITECTURE",
      description = "The experts' architecture; default paper-mnist for strokes, else small.")
  private @Nullable String architecture;

  @Option(
      names = "--experts",
      paramLabel = "M",
      defaultValue = "5",
      description = "Number of experts; default ${DEFAULT-VALUE}.")
  private int experts;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training rows, of each of the three trainings.")
  private @Nullable Integer epochs;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of everything drawn; default ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      defaultValue = "gatehouse-quickstart",
      description = "Folder for runs and models; default ${DEFAULT-VALUE}. Nothing is replaced.")
  private Path work = Path.of("");

  @Option(names = "--exit", description = "Stop the server and leave after printing.")
  private boolean exit;

  @Override
  public Integer call() throws IOException, InterruptedException {
    QuickstartOptions options =
        new QuickstartOptions(
            dataset,
            dataDir,
            architecture,
            experts,
            epochs,
            work,
            ports.grpc(),
            ports.http(),
            seed);
    try (QuickstartProgress progress = new QuickstartProgress(output)) {
      Quickstart.Finished finished = run(options, progress);
      try (Server server = finished.server()) {
        new QuickstartText(finished.report()).lines(!exit).forEach(output::text);
        output.result(finished.report());
        if (!exit) {
          StopOnSignal.await(server);
        }
      }
    }
    return ExitCode.OK;
  }

  /** A signal meanwhile ends the process with a line that says where it was. */
  private Quickstart.Finished run(QuickstartOptions options, QuickstartProgress progress)
      throws IOException {
    Thread told =
        new Thread(
            () ->
                output.note(
                    "gatehouse: stopped while it was to %s; the next start begins anew, beside what lies in %s"
                        .formatted(progress.stage().title(), work)),
            "stopped");
    Runtime.getRuntime().addShutdownHook(told);
    try {
      return new Quickstart(options, progress).run();
    } finally {
      forget(told);
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook has told so.
    }
  }
}
