package dev.gatehouse.trainer.experiment;

import dev.gatehouse.trainer.data.download.DownloadListener;
import java.util.OptionalDouble;

/** Told how an experiment goes. */
public interface ExperimentListener {
  /** Hears of the downloads that come before the first cell. */
  default DownloadListener downloads() {
    return DownloadListener.QUIET;
  }

  /**
   * The experiment begins.
   *
   * @param cells number of cells
   * @param done of them that have a result already
   * @param seconds that the others may take
   */
  void started(int cells, int done, OptionalDouble seconds);

  /**
   * A cell that is on record is run again: a preset or a default gives it another number now.
   *
   * @param change which cell and which number
   */
  default void outdated(String change) {}

  /** A cell ended with a result. */
  void finished(Cell cell, CellResult result);

  /** A cell ended without one, or with another than before. */
  void failed(Cell cell, String why);

  /** So many cells are left, and may take so long. */
  void left(int cells, OptionalDouble seconds);
}
