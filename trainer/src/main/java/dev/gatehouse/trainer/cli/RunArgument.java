package dev.gatehouse.trainer.cli;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The run that a command looks at, with or without its option's name. */
final class RunArgument {
  @ArgGroup(multiplicity = "1")
  private Either either = new Either();

  /** One of the two. */
  private static final class Either {
    @Parameters(paramLabel = "RUN", description = "Run folder of the trained model.")
    private @Nullable Path plain;

    @Option(names = "--run", paramLabel = "RUN", description = "The same.")
    private @Nullable Path named;
  }

  Path path() {
    return either.named == null
        ? Objects.requireNonNull(either.plain, "picocli asks for one of the group")
        : either.named;
  }
}
