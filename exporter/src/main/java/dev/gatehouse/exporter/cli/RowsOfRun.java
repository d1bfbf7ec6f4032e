package dev.gatehouse.exporter.cli;

import dev.gatehouse.exporter.DataRows;
import dev.gatehouse.proto.run.RunFolder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds rows of a run's data; the exporter knows no data sets. */
@FunctionalInterface
public interface RowsOfRun {
  /**
   * Looks for them.
   *
   * @param run the run
   * @param folder where the user says that the data are; null for where the run left them
   * @throws dev.gatehouse.proto.BadInput when they are not in that folder, or are others
   */
  DataRows of(RunFolder run, @Nullable Path folder);
}
