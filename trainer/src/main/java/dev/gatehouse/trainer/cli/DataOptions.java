package dev.gatehouse.trainer.cli;

import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.trainer.config.DataRef;
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
      description =
          "Folder of the data set's files; by default they are taken from the cache, and downloaded"
              + " where they are missing. Of own data, where they lie now.")
  private @Nullable Path dataDir;

  /** The folder; null where none is named. */
  @Nullable Path folder() {
    return dataDir;
  }

  /** The folder as a configuration has it. */
  @Nullable String text() {
    return dataDir == null ? null : dataDir.toString();
  }

  /** Loads data, from the folder that was given if one was; shows downloads. */
  DataSet load(DataRef ref, Output output) {
    try (DownloadProgress progress = new DownloadProgress(output)) {
      return DataSets.load(dataDir == null ? ref : ref.in(dataDir), progress);
    }
  }
}
