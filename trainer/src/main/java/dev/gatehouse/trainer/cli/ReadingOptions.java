package dev.gatehouse.trainer.cli;

import dev.gatehouse.trainer.config.DataRef.ColumnKind;
import dev.gatehouse.trainer.config.DataRef.ImageSize;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a user's own files are read. */
final class ReadingOptions {
  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description = "A table's column with the classes; default the last.")
  private @Nullable String label;

  @Option(
      names = "--column",
      paramLabel = "COLUMN=KIND",
      description =
          "What a table's column is, where its cells would say otherwise: number, category or"
              + " ignore. May be given several times.")
  private Map<String, ColumnKind> columns = new LinkedHashMap<>();

  @Option(
      names = "--image-size",
      paramLabel = "HEIGHTxWIDTH",
      converter = ImageSizeConverter.class,
      description = "Size to bring images to; default their own, where all have one.")
  private @Nullable ImageSize imageSize;

  @Option(
      names = "--channels",
      paramLabel = "N",
      description = "1 for grey images, 3 for colours; default as the images are.")
  private @Nullable Integer channels;

  @Option(
      names = "--split-seed",
      paramLabel = "N",
      description = "Decides which rows of own data are held out; default 1.")
  private @Nullable Long splitSeed;

  /** Puts what was given over settings. */
  Given over(Given settings) {
    Given given =
        settings
            .put("reading.label", label)
            .put("reading.image_size", imageSize)
            .put("reading.channels", channels)
            .put("reading.split_seed", splitSeed);
    return columns.isEmpty() ? given : given.put("reading.columns", columns);
  }
}
