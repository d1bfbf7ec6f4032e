package dev.gatehouse.trainer.config;

import dev.gatehouse.trainer.config.DataRef.ColumnKind;
import dev.gatehouse.trainer.config.DataRef.ImageSize;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a user's own files are read; {@link #AS_THEY_ARE} for data sets that have a name.
 *
 * @param label a table's column with the classes; null for the last one
 * @param columns what columns of a table are, where its cells would say otherwise
 * @param imageSize size to bring images to; null to take them as they are, all of one size
 * @param channels channels of images, 1 or 3; null for 1 where every image is grey, else 3
 * @param splitSeed decides which rows are held out where the data do not say so
 */
public record Reading(
    @Nullable String label,
    Map<String, ColumnKind> columns,
    @Nullable ImageSize imageSize,
    @Nullable Integer channels,
    long splitSeed) {
  /** Nothing said. */
  public static final Reading AS_THEY_ARE = new Reading(null, Map.of(), null, null, 1);

  /** Copies the map. */
  public Reading {
    columns = Map.copyOf(columns);
  }

  /** The columns in the order of their names. */
  @Override
  public Map<String, ColumnKind> columns() {
    return new TreeMap<>(columns);
  }

  /** True where nothing is said that only tables have. */
  boolean suitsAnyButTables() {
    return label == null && columns.isEmpty();
  }

  /** True where nothing is said that only images have. */
  boolean suitsAnyButImages() {
    return imageSize == null && channels == null;
  }
}
