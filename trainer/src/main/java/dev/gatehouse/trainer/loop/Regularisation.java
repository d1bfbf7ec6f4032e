package dev.gatehouse.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.run.OwnRegularizer;
import dev.gatehouse.proto.run.Regularizers;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.array.Scaled;
import dev.gatehouse.trainer.data.DataSet;
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

/** The regularisers of a training with their weights of each step. */
final class Regularisation {
  private final Training training;
  private final @Nullable NDArray features;
  private final List<Own> own;

  /** A term of the user's own. */
  private record Own(String type, Regulariser term, Schedule weight) {
    static Own of(OwnRegularizer own) {
      return new Own(own.type(), own.term().instance(Regulariser.class), own.weight());
    }
  }

  /**
   * Finds the classes of the user's own.
   *
   * @param training the configuration
   * @param features [n, h] of all training rows, between which L_s measures; null for pixels
   * @throws BadInput when one is not there, is no {@link Regulariser}, or has other components
   */
  Regularisation(Training training, @Nullable NDArray features) {
    this.training = training;
    this.features = features;
    this.own = own(training);
  }

  /**
   * Checks what can be checked before anything is written.
   *
   * @throws BadInput when a class of the user's own is not there, is no {@link Regulariser}, or has
   *     other components; and as {@link DistanceRun#of}
   */
  static void require(Training training, DataSet data) {
    own(training);
    DistanceRun.of(training, data);
  }

  /**
   * The regularisers of a training on {@code data}.
   *
   * @param owner of the features between which L_s measures
   * @throws BadInput as {@link #require}
   */
  static Regularisation of(NDManager owner, DataSet data, Training training) {
    return new Regularisation(training, DistanceRun.features(owner, data, training));
  }

  private static List<Own> own(Training training) {
    return training.regularizers().own().stream().map(Own::of).toList();
  }

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
    Regularizers weights = training.regularizers();
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
    for (Own each : own) {
      double now = step.at(each.weight());
      if (now > 0) {
        NDArray scalar = scalar(each.type(), each.term().of(routed));
        terms.add(new Objective.Term(each.type(), Scaled.by(scalar, now)));
      }
    }
    return terms;
  }

  private static NDArray scalar(String type, NDArray term) {
    if (term.size() != 1) {
      throw new BadInput(
          type + ": a term of the loss is one number a batch; shape=" + term.getShape());
    }
    return term.reshape(new Shape());
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
