package dev.gatehouse.trainer.cli;

import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.DataSets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where data lie. */
final class DataOptions {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Folder of the data set's files; not needed for an embedded one.")
  private @Nullable Path dataDir;

  /** The folder as a configuration has it. */
  @Nullable String text() {
    return dataDir == null ? null : dataDir.toString();
  }

  /** Loads a data set from the folder that was given, else from {@code otherwise}. */
  DataSet load(String name, @Nullable String otherwise) {
    Path known = otherwise == null ? null : Path.of(otherwise);
    return DataSets.load(name, dataDir == null ? known : dataDir);
  }
}
