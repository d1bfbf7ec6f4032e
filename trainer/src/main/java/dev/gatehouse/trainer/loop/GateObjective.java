package dev.gatehouse.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.evaluation.DeviceRows;
import dev.gatehouse.trainer.evaluation.Predictions;
import dev.gatehouse.trainer.evaluation.Predictor;
import dev.gatehouse.trainer.loss.GateMatch;
import dev.gatehouse.trainer.loss.MixtureCrossEntropy;
import dev.gatehouse.trainer.model.Combination;
import dev.gatehouse.trainer.model.GateOutput;
import dev.gatehouse.trainer.model.MixtureModel;

/**
 * Trains a plain gate alone under a trained mixture's frozen experts. Frozen experts say the same
 * in every epoch, so each row goes through them once and the steps run the gate alone.
 */
final class GateObjective implements Objective {
  private final MixtureModel student;
  private final DataSet data;
  private final Run.Training training;
  private final DeviceRows rows;
  private final NDArray experts;
  private final NDArray teacherGate;
  private final Predictions heldOut;

  /**
   * Runs the teacher over the training and the held-out rows.
   *
   * @param student its experts are the teacher's, its gate gets gradients
   */
  GateObjective(MixtureModel student, MixtureModel teacher, DataSet data, Run.Training training) {
    this.student = student;
    this.data = data;
    this.training = training;
    this.rows = DeviceRows.put(student.manager(), data.train());
    Predictions all = Predictor.predict(teacher, data.train());
    this.experts =
        student
            .manager()
            .create(all.outputs(), new Shape(all.rows(), all.experts(), all.classes()));
    this.teacherGate = student.manager().create(all.gate(), new Shape(all.rows(), all.experts()));
    this.heldOut = Predictor.predict(teacher, data.validation());
  }

  @Override
  public int rows() {
    return rows.size();
  }

  @Override
  public Outcome of(NDArray indices) {
    DeviceRows batch = rows.select(indices);
    GateOutput gate = student.trainGate(batch.rows());
    NDArray y =
        Combination.combined(
            training.rule(), gate.probabilities(), DeviceRows.at(experts, indices));
    NDArray loss = MixtureCrossEntropy.of(y, batch.labels());
    if (training.match() > 0) {
      GateMatch match = new GateMatch(training.match());
      loss = loss.add(match.of(gate.logits(), DeviceRows.at(teacherGate, indices)));
    }
    return new Outcome(loss, y, batch.labels());
  }

  @Override
  public Predictions validation() {
    return Predictor.predictGate(student, data.validation(), heldOut);
  }
}
