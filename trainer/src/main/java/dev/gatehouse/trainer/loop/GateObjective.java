package dev.gatehouse.trainer.loop;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.evaluation.DeviceRows;
import dev.gatehouse.trainer.evaluation.Predictions;
import dev.gatehouse.trainer.evaluation.Predictor;
import dev.gatehouse.trainer.loss.GateMatch;
import dev.gatehouse.trainer.loss.MixtureCrossEntropy;
import dev.gatehouse.trainer.loss.StochasticLoss;
import dev.gatehouse.trainer.model.Combination;
import dev.gatehouse.trainer.model.GateOutput;
import dev.gatehouse.trainer.model.GatedRows;
import dev.gatehouse.trainer.model.MixtureModel;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains a plain gate alone under a trained mixture's frozen experts. Where images are not altered
 * these say the same in every epoch, so each row goes through them once and the steps run the gate
 * alone.
 */
final class GateObjective implements Objective {
  private final MixtureModel student;
  private final DataSet data;
  private final Training training;
  private final double match;
  private final Regularisation regularisation;
  private final DeviceRows rows;
  private final Augmentation augmentation;
  private final TeacherAnswers teacher;
  private final Predictions heldOut;

  /**
   * Runs the teacher over the held-out rows, and over the training rows where these stay the same.
   *
   * @param student its experts are the teacher's, its gate gets gradients
   * @param match weight of the teacher's gate probabilities
   * @param regularisation the terms for the sake of how experts share the rows
   */
  GateObjective(
      MixtureModel student,
      MixtureModel teacher,
      DataSet data,
      Training training,
      double match,
      Regularisation regularisation) {
    this.student = student;
    this.data = data;
    this.training = training;
    this.match = match;
    this.regularisation = regularisation;
    this.rows = DeviceRows.put(student.manager(), data.train());
    this.augmentation = Augmentation.of(training.augment());
    this.teacher =
        training.augment().isNone()
            ? TeacherAnswers.remembered(student.manager(), teacher, data.train())
            : TeacherAnswers.asked(teacher);
    this.heldOut = Predictor.predict(teacher, data.validation());
  }

  @Override
  public int rows() {
    return rows.size();
  }

  @Override
  public Outcome of(Step step) {
    DeviceRows batch = augmentation.apply(rows.select(step.indices()), step, training.seed());
    GatedRows gated = student.trainGate(batch.rows(), step.pass());
    GateOutput gate = gated.gate();
    TeacherAnswers.Answer said = teacher.of(batch, step);
    NDArray y =
        Objective.softened(training, Combination.combined(training.rule(), gate, said.experts()));
    List<Term> terms = new ArrayList<>();
    if (training.loss() == Training.Loss.STOCHASTIC) {
      terms.add(new Term("stochastic", stochastic(gate, said.experts(), batch.labels())));
    } else {
      terms.add(new Term("cross_entropy", MixtureCrossEntropy.of(y, batch.labels())));
    }
    if (match > 0) {
      terms.add(new Term("match", new GateMatch(match).of(gate.logits(), said.gate())));
    }
    terms.addAll(regularisation.of(step, gated.x(), gate));
    return Outcome.of(terms, y, batch.labels());
  }

  @Override
  public Predictions validation() {
    return Predictor.predictGate(student, data.validation(), heldOut);
  }

  /** The stochastic loss over answers [b, M, C] that are probabilities already. */
  private static NDArray stochastic(GateOutput gate, NDArray answers, NDArray labels) {
    NDArray target = labels.reshape(-1, 1, 1).repeat(1, answers.getShape().get(1));
    NDArray likelihood = answers.gather(target, 2).squeeze(2).add(1e-30f).log();
    return StochasticLoss.of(gate.probabilities(), likelihood);
  }
}
