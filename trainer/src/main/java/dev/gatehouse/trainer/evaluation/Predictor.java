package dev.gatehouse.trainer.evaluation;

import ai.djl.ndarray.NDManager;
import dev.gatehouse.trainer.data.LabelledRows;
import dev.gatehouse.trainer.model.MixtureModel;
import dev.gatehouse.trainer.model.MixtureOutput;
import java.nio.FloatBuffer;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Runs models over whole splits, in batches, without gradients. */
public final class Predictor {
  private static final int BATCH = 1000;

  private Predictor() {}

  /** The number of pieces in which a split is predicted. */
  public static int pieces(LabelledRows split) {
    return (split.size() + BATCH - 1) / BATCH;
  }

  /** Gate and experts over a split. */
  public static Predictions predict(MixtureModel model, LabelledRows split) {
    int experts = model.spec().experts();
    int classes = model.spec().classes().size();
    FloatBuffer gate = FloatBuffer.allocate(split.size() * experts);
    FloatBuffer outputs = FloatBuffer.allocate(split.size() * experts * classes);
    predict(
        model,
        split,
        piece -> {
          gate.put(piece.gate());
          outputs.put(piece.outputs());
        });
    return new Predictions(experts, classes, split.labels(), gate.array(), outputs.array());
  }

  /** Gate and experts over a split, piece by piece in the order of the rows. */
  public static void predict(
      MixtureModel model, LabelledRows split, Consumer<Predictions> consumer) {
    int experts = model.spec().experts();
    int classes = model.spec().classes().size();
    batches(
        model,
        split,
        (rows, batch) -> {
          MixtureOutput output = model.predict(batch.rows(), batch.labels());
          consumer.accept(
              new Predictions(
                  experts,
                  classes,
                  rows.labels(),
                  output.gate().probabilities().toFloatArray(),
                  output.experts().probabilities().toFloatArray()));
        });
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
        (rows, batch) -> gate.put(model.predictGate(batch.rows()).probabilities().toFloatArray()));
    return new Predictions(
        experts.experts(), experts.classes(), split.labels(), gate.array(), experts.outputs());
  }

  /** Gives a split to {@code consumer} in batches that live as long as the call. */
  static void batches(
      MixtureModel model, LabelledRows split, BiConsumer<LabelledRows, DeviceRows> consumer) {
    for (int from = 0; from < split.size(); from += BATCH) {
      try (NDManager scope = model.manager().newSubManager()) {
        LabelledRows batch = split.slice(from, Math.min(split.size(), from + BATCH));
        consumer.accept(batch, DeviceRows.put(scope, batch));
      }
    }
  }
}
