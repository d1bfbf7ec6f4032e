package dev.gatehouse.trainer.evaluation;

import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.model.MixtureModel;

/**
 * A finished model, measured.
 *
 * @param results measurements of both held-out splits
 * @param routing who took which rows of both
 * @param selfTest rows of the test set with what the model says of them
 */
public record Evaluation(Run.Results results, RunFolder.Routing routing, SelfTest selfTest) {
  /** Measures {@code model} on {@code data} as it is to be served. */
  public static Evaluation of(MixtureModel model, DataSet data, RoutingRule serving) {
    Predictions validation = Predictor.predict(model, data.validation());
    Predictions test = Predictor.predict(model, data.test());
    return new Evaluation(
        new Run.Results(Measure.of(validation, serving), Measure.of(test, serving)),
        new RunFolder.Routing(Measure.routing(validation, serving), Measure.routing(test, serving)),
        SelfTests.record(data.classes(), data.test(), test, serving));
  }
}
