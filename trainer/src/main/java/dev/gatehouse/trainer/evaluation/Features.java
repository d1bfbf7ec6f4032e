package dev.gatehouse.trainer.evaluation;

import dev.gatehouse.trainer.data.LabelledRows;
import dev.gatehouse.trainer.model.MixtureModel;
import java.nio.FloatBuffer;

/** The last hidden layer of a single model, as a description of rows. */
public final class Features {
  private Features() {}

  /**
   * The features of a split.
   *
   * @param model with one expert
   * @return [rows, h], row-major
   */
  public static float[] of(MixtureModel model, LabelledRows split) {
    FloatBuffer all = FloatBuffer.allocate(split.size() * model.spec().expert().width());
    Predictor.batches(
        model,
        split,
        (rows, batch) ->
            all.put(model.predict(batch.rows(), null).experts().hidden().toFloatArray()));
    return all.array();
  }
}
