package dev.gatehouse.trainer.loop;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.evaluation.DeviceRows;
import dev.gatehouse.trainer.loss.Importance;
import dev.gatehouse.trainer.loss.LoadBalance;
import dev.gatehouse.trainer.loss.Regulariser;
import dev.gatehouse.trainer.loss.Routed;
import dev.gatehouse.trainer.loss.RouterZ;
import dev.gatehouse.trainer.loss.SampleSimilarity;
import dev.gatehouse.trainer.model.Combination;
import dev.gatehouse.trainer.model.GateOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The regularisers of a training with their weights of each step.
 *
 * @param training the configuration
 * @param features [n, h] of all training rows, between which L_s measures; null for pixels
 */
record Regularisation(Training training, @Nullable NDArray features) {
  /**
   * The terms of a step; none whose weight is 0.
   *
   * @param x [B, shape of a row] normalised rows
   * @param gate how the experts are weighed
   */
  List<Objective.Term> of(Step step, NDArray x, GateOutput gate) {
    NDArray measured = features == null ? x : DeviceRows.at(features, step.indices());
    NDArray p = gate.probabilities();
    Routed routed =
        new Routed(measured, gate.logits(), p, () -> Combination.chosen(p, training.rule().k()));
    Training.Regularizers weights = training.regularizers();
    List<Objective.Term> terms = new ArrayList<>();
    add(terms, step, routed, "importance", weights.importance(), Importance::new);
    double same = step.at(weights.betaSame());
    double different = step.at(weights.betaDifferent());
    if (same > 0 || different > 0) {
      Regulariser similarity = new SampleSimilarity(same, different, weights.authorsScaling());
      terms.add(new Objective.Term("sample_similarity", similarity.of(routed)));
    }
    add(terms, step, routed, "load_balance", weights.loadBalance(), LoadBalance::new);
    add(terms, step, routed, "z_loss", weights.zLoss(), RouterZ::new);
    return terms;
  }

  private void add(
      List<Objective.Term> terms,
      Step step,
      Routed routed,
      String name,
      Schedule weight,
      DoubleFunction<Regulariser> regulariser) {
    double now = step.at(weight);
    if (now > 0) {
      terms.add(new Objective.Term(name, regulariser.apply(now).of(routed)));
    }
  }
}
