package dev.gatehouse.cli;

import dev.gatehouse.bench.cli.BenchCommand;
import dev.gatehouse.client.cli.PredictCommand;
import dev.gatehouse.exporter.cli.ExportCommand;
import dev.gatehouse.exporter.cli.ImportCommand;
import dev.gatehouse.exporter.cli.InspectCommand;
import dev.gatehouse.exporter.cli.SignCommand;
import dev.gatehouse.exporter.cli.VerifyCommand;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.cli.Unavailable;
import dev.gatehouse.service.app.Server;
import dev.gatehouse.service.cli.ServeCommand;
import dev.gatehouse.trainer.cli.CompareCommand;
import dev.gatehouse.trainer.cli.DistillCommand;
import dev.gatehouse.trainer.cli.EvaluateCommand;
import dev.gatehouse.trainer.cli.ExperimentCommand;
import dev.gatehouse.trainer.cli.ReportCommand;
import dev.gatehouse.trainer.cli.TrainCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The {@code gatehouse} command. */
@Command(
    name = "gatehouse",
    mixinStandardHelpOptions = true,
    version = "Gatehouse 0.1.0",
    description = {
      "Trains, exports and serves Mixture-of-Experts models, and shows which expert does the work.",
      ""
    },
    subcommands = {
      QuickstartCommand.class,
      TrainCommand.class,
      DistillCommand.class,
      EvaluateCommand.class,
      ReportCommand.class,
      CompareCommand.class,
      ExperimentCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      VerifyCommand.class,
      InspectCommand.class,
      SignCommand.class,
      ServeCommand.class,
      PredictCommand.class,
      BenchCommand.class,
      DoctorCommand.class,
      RehearseCommand.class,
      AutoComplete.GenerateCompletion.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a fault of Gatehouse or of the machine",
      "2:the command line was wrong",
      "3:a file, folder or data set is missing, damaged or of the wrong kind",
      "4:a server or a data set's home cannot be reached, or a port is taken",
      "130, 143:stopped by Ctrl-C, by SIGTERM"
    },
    footer = {
      "",
      "An option that is not given is read from the environment: --grpc-port of serve from",
      "GATEHOUSE_SERVE_GRPC_PORT. Tab completion: source <(./gatehouse generate-completion)",
      "",
      "Examples:",
      "  gatehouse quickstart",
      "  gatehouse train --dataset mnist --out runs/mnist",
      "  gatehouse help train"
    })
public final class Main {
  private static final int USAGE_WIDTH = 100;

  private Main() {}

  /** Runs the command line and leaves with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /**
   * Runs the command line. To know all commands takes a fifth of a second, which a server that
   * starts has not; to know only its own takes a tenth, in which the server prepares.
   */
  static int run(String... arguments) {
    if (arguments.length > 0 && arguments[0].equals("serve")) {
      Server.prepare();
      return serving().execute(arguments);
    }
    return commandLine().execute(arguments);
  }

  /** A command line that knows {@code serve}, and nothing else. */
  static CommandLine serving() {
    return configured(new CommandLine(new Serving()), System.getenv());
  }

  @Command(name = "gatehouse", subcommands = ServeCommand.class)
  private static final class Serving {}

  /** The command line in this process's environment. */
  static CommandLine commandLine() {
    return commandLine(System.getenv());
  }

  /** The command line, a user's mistake being one line on standard error. */
  static CommandLine commandLine(Map<String, String> environment) {
    return configured(
        new CommandLine(new Main(), Main::create).addSubcommand(new CommandLine.HelpCommand()),
        environment);
  }

  private static CommandLine configured(CommandLine line, Map<String, String> environment) {
    return line.setUsageHelpWidth(USAGE_WIDTH)
        .setDefaultValueProvider(new EnvironmentDefaults(environment))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Main::explain);
  }

  /** Makes the commands; modules that do not know one another meet here. */
  private static <K> K create(Class<K> type) throws Exception {
    return type == ExportCommand.class
        ? type.cast(new ExportCommand(RunData::of))
        : CommandLine.defaultFactory().create(type);
  }

  private static int explain(Exception failure, CommandLine line, ParseResult parsed)
      throws Exception {
    int code;
    if (failure instanceof BadInput) {
      code = ExitCode.BAD_INPUT;
    } else if (failure instanceof Unavailable) {
      code = ExitCode.UNAVAILABLE;
    } else if (failure instanceof UncheckedIOException wrapped) {
      return explain(wrapped.getCause() == null ? wrapped : wrapped.getCause(), line, parsed);
    } else if (failure instanceof IOException) {
      code = ExitCode.FAILURE;
    } else {
      throw failure;
    }
    line.getErr().println("gatehouse: " + reason(failure));
    return code;
  }

  private static String reason(Exception failure) {
    if (failure instanceof FileSystemException io) {
      String reason = io.getReason() == null ? io.getClass().getSimpleName() : io.getReason();
      return io.getFile() + ": " + reason;
    }
    return String.valueOf(failure.getMessage());
  }
}
