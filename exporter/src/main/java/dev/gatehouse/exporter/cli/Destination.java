package dev.gatehouse.exporter.cli;

import dev.gatehouse.exporter.Exporter;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say where a new bundle goes. */
final class Destination {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder of all models; the one that serve reads.")
  private Path models = Path.of("");

  @Option(names = "--name", paramLabel = "NAME", required = true, description = "The model's name.")
  private String name = "";

  @Option(
      names = "--model-version",
      paramLabel = "N",
      description = "The model's version; the next free one if not given.")
  private @Nullable Integer version;

  Path models() {
    return models;
  }

  String name() {
    return name;
  }

  /** The version that was said, else the next free one. */
  int version() throws IOException {
    return version == null ? Exporter.nextVersion(models, name) : version;
  }
}
