package dev.gatehouse.trainer.cli;

import ai.djl.Device;
import dev.gatehouse.proto.cli.Output;
import dev.gatehouse.proto.cli.Progress;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.evaluation.Evaluation;
import dev.gatehouse.trainer.loop.SameData;
import dev.gatehouse.trainer.loop.SavedData;
import dev.gatehouse.trainer.loop.Weights;
import dev.gatehouse.trainer.model.MixtureModel;
import java.nio.file.Path;

/**
 * A finished run beside the data that it was trained on.
 *
 * @param folder its folder
 * @param run its description
 * @param data the data, known to be the same
 */
record FinishedRun(RunFolder folder, Run run, DataSet data) {
  /**
   * Opens a run and loads its data.
   *
   * @throws dev.gatehouse.proto.BadInput when the run is not complete, or the data are missing or
   *     others
   * @throws dev.gatehouse.proto.cli.Unavailable when the data are missing and cannot be downloaded
   */
  static FinishedRun open(Path path, DataOptions options, Output output) {
    RunFolder folder = RunFolder.open(path);
    Run run = folder.completeRun();
    DataSet data = options.load(SavedData.of(folder), output);
    SameData.require(path, run, data);
    return new FinishedRun(folder, run, data);
  }

  /** Measures the model again on {@code device}, behind a progress bar. */
  Evaluation measure(Device device) {
    try (MixtureModel model = Weights.open(folder, run.model(), device);
        Progress bar = Progress.start("measure", Evaluation.pieces(data))) {
      return Evaluation.of(model, data, run.serving(), () -> bar.step(""));
    }
  }
}
