package dev.gatehouse.trainer.loop;

import ai.djl.Device;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.array.Devices;
import dev.gatehouse.trainer.config.ConfigFile;
import dev.gatehouse.trainer.config.OwnClasses;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.model.Initialisation;
import dev.gatehouse.trainer.model.MixtureModel;
import dev.gatehouse.trainer.model.OwnParts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Trains mixtures from labels. */
public final class Trainer {
  private final Clock clock;
  private final TrainingListener listener;
  private final Stop stop;
  private final Device device;

  /** A trainer that stamps runs by {@code clock} and reports to {@code listener}. */
  public Trainer(Clock clock, TrainingListener listener) {
    this(clock, listener, Stop.NEVER);
  }

  /** A trainer that also asks {@code stop} after each step whether to end there. */
  public Trainer(Clock clock, TrainingListener listener, Stop stop) {
    this(clock, listener, stop, Devices.preferred());
  }

  /** A trainer that works on {@code device}. */
  public Trainer(Clock clock, TrainingListener listener, Stop stop, Device device) {
    this.clock = clock;
    this.listener = listener;
    this.stop = stop;
    this.device = device;
  }

  /**
   * Trains a mixture to the end, measures it and leaves a complete run folder. The engine collects
   * gradients for one run a JVM at a time.
   *
   * @param out the run folder to be made
   * @return the run folder
   * @throws BadInput when data and configuration do not fit, before anything is written; when the
   *     run folder is there already; or when the loss stops being a number
   * @throws Stopped when {@code stop} asked for it; {@link #resume} goes on
   * @throws IOException when the run folder cannot be written
   */
  public RunFolder train(TrainConfig config, DataSet data, Path out) throws IOException {
    ModelSpec spec = Blueprint.of(config, data);
    Training training = DistanceRun.absolute(config.training());
    Run run = Runs.started(clock.instant(), data, spec, config.serving(), training, null, device);
    RunFolder folder = RunFolder.create(out, run);
    folder.writeConfiguration(ConfigFile.text(config.training(training)));
    SavedData.write(folder, config.data());
    return go(folder, run, data);
  }

  /**
   * The same with experts or a gate of classes of the user's own. The run folder names the classes;
   * whoever goes on with it or measures it again needs them on the class path.
   *
   * @param own what takes the place of the configuration's experts and gate
   */
  public RunFolder train(TrainConfig config, DataSet data, Path out, OwnParts own)
      throws IOException {
    return train(config.own(OwnClasses.of(own.expert(), own.gate())), data, out);
  }

  /**
   * Goes on with a run that was stopped or killed, and ends with the bits of one that never was.
   *
   * @param folder a run from labels that is not complete
   * @throws BadInput when the run is complete, was distilled, or was trained on other data
   */
  public RunFolder resume(RunFolder folder, DataSet data) throws IOException {
    Run run = Runs.unfinished(folder, data);
    if (run.teacher() != null) {
      throw new BadInput(
          folder.path() + ": is a distillation; go on with: gatehouse distill --resume");
    }
    return go(folder, run, data);
  }

  private RunFolder go(RunFolder folder, Run run, DataSet data) throws IOException {
    Training training = run.training();
    Phase all =
        new Phase(training.epochs(), name -> true, model -> objective(model, data, training));
    new Course(folder, data, listener, stop, device)
        .run(Initialisation.of(run.model().parameters(), training.seed()), List.of(all));
    return folder;
  }

  private static Objective objective(MixtureModel model, DataSet data, Training training) {
    return new LabelObjective(
        model, data, training, Regularisation.of(model.manager(), data, training));
  }
}
