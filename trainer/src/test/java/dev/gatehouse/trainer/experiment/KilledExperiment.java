package dev.gatehouse.trainer.experiment;

import java.nio.file.Path;

/** A process that runs an experiment and is killed meanwhile. */
final class KilledExperiment {
  private KilledExperiment() {}

  /** Runs the plan that is named into the folder that is named. */
  public static void main(String[] arguments) throws Exception {
    Experiment experiment =
        new Experiment(Path.of(arguments[0]), Path.of(arguments[1]), null, 2, new Recorded());
    experiment.run(experiment.plan().cells());
  }
}
