package dev.gatehouse.cli.quickstart;

import dev.gatehouse.trainer.loop.TrainingListener;

/** Told how a quickstart goes, on the thread that runs it. */
public interface StageListener {
  /** A stage begins. */
  void started(Stage stage);

  /** A stage ended after {@code seconds}. */
  void ended(Stage stage, double seconds);

  /** Hears the steps of a stage that trains. */
  TrainingListener training(Stage stage);

  /** {@code done} of {@code rows} test rows were answered. */
  void answered(int done, int rows);
}
