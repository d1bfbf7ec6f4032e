package dev.gatehouse.trainer.loop;

import ai.djl.Device;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.model.MixtureModel;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Takes a run through its phases, from the start or from its checkpoint, and completes it. */
final class Course {
  private final RunFolder folder;
  private final DataSet data;
  private final TrainingListener listener;
  private final Stop stop;
  private final Device device;
  private final Run run;

  Course(RunFolder folder, DataSet data, TrainingListener listener, Stop stop, Device device) {
    this.folder = folder;
    this.data = data;
    this.listener = listener;
    this.stop = stop;
    this.device = device;
    this.run = folder.run();
  }

  /**
   * Trains to the end, measures the model and completes the run folder.
   *
   * @param initial first values of all parameters, row-major, by name; not looked at where the run
   *     has a checkpoint
   * @param phases what trains, in order
   */
  void run(Map<String, float[]> initial, List<Phase> phases) throws IOException {
    ModelSpec spec = run.model();
    Training training = run.training();
    Checkpoint checkpoint = Checkpoint.read(folder, spec);
    TrainingState state = checkpoint == null ? TrainingState.START : checkpoint.state();
    Map<String, float[]> weights = checkpoint == null ? initial : checkpoint.weights();
    if (checkpoint != null) {
      folder.write(state.metrics());
    }
    for (int i = 0; i < phases.size(); i++) {
      Phase phase = phases.get(i);
      // A phase may have run out of patience before its last epoch; it is over all the same.
      if (i < state.phase() || state.epoch() > phase.lastEpoch()) {
        continue;
      }
      Adam.State adam = Adam.State.START;
      if (checkpoint != null && state.phase() == i) {
        adam = checkpoint.adam();
      } else {
        state = state.inPhase(i);
      }
      try (MixtureModel model = new MixtureModel(spec, weights, phase.trains(), device)) {
        Objective objective = phase.objective().apply(model);
        state =
            new TrainingLoop(model, objective, training, run.serving(), folder, listener, stop)
                .run(phase.lastEpoch(), state, adam);
        weights = model.values();
      }
    }
    complete(spec, kept(spec, training, weights));
  }

  private Map<String, float[]> kept(ModelSpec spec, Training training, Map<String, float[]> last) {
    return training.stopping().keep() == Training.Stopping.Keep.BEST
        ? Weights.values(folder.best(), spec)
        : last;
  }

  private void complete(ModelSpec spec, Map<String, float[]> weights) throws IOException {
    Weights.write(folder, spec, weights);
    try (MixtureModel model = new MixtureModel(spec, weights, name -> false, device)) {
      Runs.complete(folder, model, data);
    }
  }
}
