package dev.gatehouse.cli.quickstart;

import dev.gatehouse.trainer.data.download.DownloadListener;
import dev.gatehouse.trainer.loop.TrainingListener;

/** Told how a quickstart goes, on the thread that runs it. */
public interface StageListener {
  /** A stage begins. */
  void started(Stage stage);

  /** A stage ended after {@code seconds}. */
  void ended(Stage stage, double seconds);

  /** Hears of the data set's downloads. */
  DownloadListener downloads();

  /** Hears the steps of a stage that trains. */
  TrainingListener training(Stage stage);

  /** {@code done} of {@code rows} test rows were answered. */
  void answered(int done, int rows);
}
