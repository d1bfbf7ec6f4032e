package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.model.Initialisation;
import dev.gatehouse.trainer.model.MixtureModel;
import java.io.IOException;
import java.time.Clock;

/** Trains mixtures from labels. */
public final class Trainer {
  private final Clock clock;
  private final TrainingListener listener;

  /** A trainer that stamps runs by {@code clock} and reports to {@code listener}. */
  public Trainer(Clock clock, TrainingListener listener) {
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * Trains a mixture to the end, measures it and leaves a complete run folder. The engine collects
   * gradients for one run a JVM at a time.
   *
   * @return the run folder, {@code config.out()}
   * @throws dev.gatehouse.proto.BadInput when data and configuration do not fit, before anything is
   *     written; when the run folder is there already; or when the loss stops being a number
   * @throws IOException when the run folder cannot be written
   */
  public RunFolder train(TrainConfig config, DataSet data) throws IOException {
    Run.Training training = config.training();
    ModelSpec spec = config.model(data.input(), data.classes());
    Run run = Runs.started(clock.instant(), data, spec, config.serving(), training, null);
    RunFolder folder = RunFolder.create(config.out(), run);
    try (MixtureModel model =
        new MixtureModel(
            spec, Initialisation.uniform(spec.parameters(), training.seed()), name -> true)) {
      Objective objective = new LabelObjective(model, data, training);
      new TrainingLoop(model, objective, training, config.serving(), folder, listener).run();
      Runs.complete(folder, model, data);
    }
    return folder;
  }
}
