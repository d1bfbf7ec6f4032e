package dev.gatehouse.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.trainer.data.LabelledRows;
import dev.gatehouse.trainer.evaluation.DeviceRows;
import dev.gatehouse.trainer.evaluation.Predictions;
import dev.gatehouse.trainer.evaluation.Predictor;
import dev.gatehouse.trainer.model.MixtureModel;
import dev.gatehouse.trainer.model.MixtureOutput;

/** What a trained mixture says of the rows of a step, without gradients. */
interface TeacherAnswers {
  /**
   * The answers of a batch.
   *
   * @param batch the rows as the student sees them
   */
  Answer of(DeviceRows batch, Step step);

  /**
   * One batch's.
   *
   * @param experts [b, M, C] class probabilities
   * @param gate [b, M] the gate's probabilities
   */
  record Answer(NDArray experts, NDArray gate) {}

  /** Asks the teacher in every step, for rows that change from epoch to epoch. */
  static TeacherAnswers asked(MixtureModel teacher) {
    return (batch, step) -> {
      MixtureOutput output = teacher.predict(batch.rows(), batch.labels());
      return new Answer(output.experts().probabilities(), output.gate().probabilities());
    };
  }

  /**
   * Asks the teacher once for each row, and remembers.
   *
   * @param owner of the memory
   */
  static TeacherAnswers remembered(NDManager owner, MixtureModel teacher, LabelledRows rows) {
    Predictions all = Predictor.predict(teacher, rows);
    NDArray experts =
        owner.create(all.outputs(), new Shape(all.rows(), all.experts(), all.classes()));
    NDArray gate = owner.create(all.gate(), new Shape(all.rows(), all.experts()));
    return (batch, step) ->
        new Answer(DeviceRows.at(experts, step.indices()), DeviceRows.at(gate, step.indices()));
  }
}
