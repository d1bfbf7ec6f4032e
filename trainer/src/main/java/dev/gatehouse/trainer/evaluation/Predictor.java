package dev.gatehouse.trainer.evaluation;

import ai.djl.ndarray.NDManager;
import dev.gatehouse.trainer.data.LabelledRows;
import dev.gatehouse.trainer.model.MixtureModel;
import dev.gatehouse.trainer.model.MixtureOutput;
import java.nio.FloatBuffer;
import java.util.function.Consumer;

/** Runs models over whole splits, in batches, without gradients. */
public final class Predictor {
  private static final int BATCH = 1000;

  private Predictor() {}

  /** Gate and experts over a split. */
  public static Predictions predict(MixtureModel model, LabelledRows split) {
    int experts = model.spec().experts();
    int classes = model.spec().classes().size();
    FloatBuffer gate = FloatBuffer.allocate(split.size() * experts);
    FloatBuffer outputs = FloatBuffer.allocate(split.size() * experts * classes);
    batches(
        model,
        split,
        batch -> {
          MixtureOutput output = model.predict(batch.rows(), batch.labels());
          gate.put(output.gate().probabilities().toFloatArray());
          outputs.put(output.experts().probabilities().toFloatArray());
        });
    return new Predictions(experts, classes, split.labels(), gate.array(), outputs.array());
  }

  /**
   * The gate alone over a split.
   *
   * @param experts what the experts say of the same rows
   */
  public static Predictions predictGate(
      MixtureModel model, LabelledRows split, Predictions experts) {
    FloatBuffer gate = FloatBuffer.allocate(split.size() * experts.experts());
    batches(
        model,
        split,
        batch -> gate.put(model.predictGate(batch.rows()).probabilities().toFloatArray()));
    return new Predictions(
        experts.experts(), experts.classes(), split.labels(), gate.array(), experts.outputs());
  }

  /** Gives a split to {@code consumer} in batches that live as long as the call. */
  static void batches(MixtureModel model, LabelledRows split, Consumer<DeviceRows> consumer) {
    for (int from = 0; from < split.size(); from += BATCH) {
      try (NDManager scope = model.manager().newSubManager()) {
        LabelledRows batch = split.slice(from, Math.min(split.size(), from + BATCH));
        consumer.accept(DeviceRows.put(scope, batch));
      }
    }
  }
}
