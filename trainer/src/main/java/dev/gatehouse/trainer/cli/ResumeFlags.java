package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.BadInput;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What may stand beside {@code --resume}: a run goes on with the configuration it began with. */
final class ResumeFlags {
  private static final Set<String> SENSIBLE =
      Set.of("--resume", "--data-dir", "--device", "--json");

  private ResumeFlags() {}

  /**
   * Checks the command line; what the environment gives is no part of it.
   *
   * @throws BadInput naming the first flag that would change nothing
   */
  static void require(CommandSpec command) {
    for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
      if (!SENSIBLE.contains(option.longestName())) {
        throw new BadInput(
            "--resume goes on with the run's own configuration, which %s cannot change;"
                    .formatted(option.longestName())
                + " leave it out, or make another run with --out");
      }
    }
  }
}
