package dev.gatehouse.cli;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values of options from the environment, as containers and services set them: {@code --grpc-port}
 * of {@code serve} is {@code GATEHOUSE_SERVE_GRPC_PORT}. What the command line says wins.
 *
 * @param environment the environment variables
 */
record EnvironmentDefaults(Map<String, String> environment) implements IDefaultValueProvider {
  private static final String PREFIX = "GATEHOUSE";

  /** Copies the environment. */
  EnvironmentDefaults {
    environment = Map.copyOf(environment);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    // Of options that exclude each other a variable would be one too many. GATEHOUSE_VERSION is
    // what an image may call its version.
    if (!(argument instanceof OptionSpec option)
        || option.group() != null
        || option.usageHelp()
        || option.versionHelp()) {
      return null;
    }
    return environment.get(variable(option));
  }

  /** Name of the variable that stands for an option. */
  static String variable(OptionSpec option) {
    return command(option.command()) + "_" + upper(option.longestName().replaceFirst("^-+", ""));
  }

  private static String command(CommandSpec command) {
    return command.parent() == null
        ? PREFIX
        : command(command.parent()) + "_" + upper(command.name());
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
