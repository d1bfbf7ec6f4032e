package dev.gatehouse.trainer.loop;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.evaluation.DeviceRows;
import dev.gatehouse.trainer.evaluation.Predictions;
import dev.gatehouse.trainer.evaluation.Predictor;
import dev.gatehouse.trainer.loss.ExpertLossRegression;
import dev.gatehouse.trainer.loss.MixtureCrossEntropy;
import dev.gatehouse.trainer.loss.StochasticLoss;
import dev.gatehouse.trainer.model.ChosenOutput;
import dev.gatehouse.trainer.model.Combination;
import dev.gatehouse.trainer.model.ExpertScores;
import dev.gatehouse.trainer.model.GateOutput;
import dev.gatehouse.trainer.model.MixtureModel;
import dev.gatehouse.trainer.model.MixtureOutput;
import java.util.ArrayList;
import java.util.List;

/** Trains experts and gate together, from the labels. */
final class LabelObjective implements Objective {
  private final MixtureModel model;
  private final DataSet data;
  private final Training training;
  private final DeviceRows rows;
  private final Regularisation regularisation;
  private final Augmentation augmentation;

  /**
   * Puts the training rows on the device.
   *
   * @param regularisation the terms for the sake of how experts share the rows
   */
  LabelObjective(
      MixtureModel model, DataSet data, Training training, Regularisation regularisation) {
    this.model = model;
    this.data = data;
    this.training = training;
    this.rows = DeviceRows.put(model.manager(), data.train());
    this.regularisation = regularisation;
    this.augmentation = Augmentation.of(training.augment());
  }

  @Override
  public int rows() {
    return rows.size();
  }

  @Override
  public Outcome of(Step step) {
    DeviceRows batch = augmentation.apply(rows.select(step.indices()), step, training.seed());
    if (training.loss() == Training.Loss.CROSS_ENTROPY
        && training.rule() instanceof RoutingRule.TopK rule
        && model.chosenIsFaster(rule)) {
      return ofChosen(step, batch, rule);
    }
    MixtureOutput output = model.train(batch.rows(), batch.labels(), step.pass());
    List<Term> terms = new ArrayList<>();
    NDArray y = labelTerms(output, batch.labels(), terms);
    terms.addAll(regularisation.of(step, output.x(), output.gate()));
    return Outcome.of(terms, y, batch.labels());
  }

  @Override
  public Predictions validation() {
    return Predictor.predict(model, data.validation());
  }

  /** The same by each row's chosen experts alone: this loss looks at no other. */
  private Outcome ofChosen(Step step, DeviceRows batch, RoutingRule.TopK rule) {
    ChosenOutput output = model.trainChosen(batch.rows(), rule, step.pass());
    NDArray y = Objective.softened(training, output.y());
    List<Term> terms = new ArrayList<>();
    terms.add(new Term("cross_entropy", MixtureCrossEntropy.of(y, batch.labels())));
    terms.addAll(regularisation.of(step, output.x(), output.gate()));
    return Outcome.of(terms, y, batch.labels());
  }

  /** Adds what is held against the labels, and answers y [b, C]. */
  private NDArray labelTerms(MixtureOutput output, NDArray labels, List<Term> terms) {
    RoutingRule rule = training.rule();
    NDArray experts = output.experts().probabilities();
    NDArray y;
    switch (training.loss()) {
      case CROSS_ENTROPY -> {
        y = combined(output.gate(), experts);
        terms.add(new Term("cross_entropy", MixtureCrossEntropy.of(y, labels)));
      }
      case STOCHASTIC -> {
        y = Combination.combined(rule, output.gate().fixed(), experts.stopGradient());
        NDArray likelihood = ExpertScores.logLikelihood(output.experts().logits(), labels);
        terms.add(
            new Term("stochastic", StochasticLoss.of(output.gate().probabilities(), likelihood)));
      }
      case EXPERT_LOSS -> {
        y = combined(output.gate().fixed(), experts);
        NDArray likelihood = ExpertScores.logLikelihood(output.experts().logits(), labels);
        terms.add(new Term("cross_entropy", MixtureCrossEntropy.of(y, labels)));
        terms.add(
            new Term("expert_loss", ExpertLossRegression.of(output.gate().logits(), likelihood)));
      }
      default -> throw new AssertionError("no such loss: " + training.loss());
    }
    return y;
  }

  private NDArray combined(GateOutput gate, NDArray experts) {
    return Objective.softened(training, Combination.combined(training.rule(), gate, experts));
  }
}
