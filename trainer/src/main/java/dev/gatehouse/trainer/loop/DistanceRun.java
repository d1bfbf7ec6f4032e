package dev.gatehouse.trainer.loop;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.run.Regularizers;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.evaluation.Features;
import dev.gatehouse.trainer.model.MixtureModel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The single model between whose features L_s measures distances.
 *
 * @param folder its run
 * @param spec its description
 */
record DistanceRun(RunFolder folder, ModelSpec spec) {
  /**
   * The run that a training names; null where it measures pixels.
   *
   * @throws BadInput when it is not complete, no single model, of other rows than {@code data}, or
   *     its weights cannot be read
   */
  static @Nullable DistanceRun of(Training training, DataSet data) {
    String distance = training.regularizers().distance();
    if (distance == null) {
      return null;
    }
    RunFolder folder = RunFolder.open(Path.of(distance));
    ModelSpec spec = folder.completeRun().model();
    if (spec.experts() != 1 || spec.gate().needsLabels() || !spec.input().equals(data.input())) {
      throw new BadInput(
          distance
              + ": features for L_s come from a single model (experts=1) of the same rows; experts="
              + spec.experts());
    }
    DistanceRun run = new DistanceRun(folder, spec);
    run.open(Device.cpu()).close();
    return run;
  }

  /** {@code training} with the run's path absolute, so that it is found from any folder. */
  static Training absolute(Training training) {
    Regularizers regularizers = training.regularizers();
    return regularizers.distance() == null
        ? training
        : training.regularizers(
            regularizers.distance(
                Path.of(regularizers.distance()).toAbsolutePath().normalize().toString()));
  }

  /**
   * What L_s measures distances on; null for pixels.
   *
   * @param owner of the answer
   * @return [n, h], h the width of the single model's last hidden layer, of all n training rows
   * @throws BadInput as {@link #of}
   */
  static @Nullable NDArray features(NDManager owner, DataSet data, Training training) {
    DistanceRun run = of(training, data);
    if (run == null) {
      return null;
    }
    try (MixtureModel model = run.open(owner.getDevice())) {
      float[] values = Features.of(model, data.train());
      return owner.create(values, new Shape(data.train().size(), run.spec.expert().width()));
    }
  }

  private MixtureModel open(Device device) {
    return Weights.open(folder, spec, device);
  }
}
