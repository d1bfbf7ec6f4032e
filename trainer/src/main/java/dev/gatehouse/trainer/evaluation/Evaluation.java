package dev.gatehouse.trainer.evaluation;

import ai.djl.Device;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.RoutingTable;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.LabelledRows;
import dev.gatehouse.trainer.model.MixtureModel;
import dev.gatehouse.trainer.report.Examples;

/**
 * A finished model, measured.
 *
 * @param measurements of all three splits
 * @param selfTest rows of the test set with what the model says of them
 * @param examples rows of the test set worth looking at
 * @param certified what certified routing would cost
 */
public record Evaluation(
    RunMeasurements measurements, SelfTest selfTest, Examples examples, Certified certified) {
  /** Measures {@code model} on {@code data} as it is to be served. */
  public static Evaluation of(MixtureModel model, DataSet data, RoutingRule serving) {
    return of(model, data, serving, () -> {});
  }

  /**
   * The same.
   *
   * @param piece told of every piece of the training and the held-out rows, {@link #pieces} in all
   */
  public static Evaluation of(
      MixtureModel model, DataSet data, RoutingRule serving, Runnable piece) {
    Predictions test = Predictor.predict(model, data.test());
    CertifiedCount ofTrain = new CertifiedCount(test.classes());
    CertifiedCount ofValidation = new CertifiedCount(test.classes());
    CertifiedCount ofTest = new CertifiedCount(test.classes());
    ofTest.add(test);
    return new Evaluation(
        new RunMeasurements(
            measured(model, data.train(), serving, ofTrain, piece),
            measured(model, data.validation(), serving, ofValidation, piece),
            Measure.of(test, serving)),
        selfTest(model, data, serving),
        Exemplars.of(test, serving, data.test()),
        new Certified(ofTrain.split(), ofValidation.split(), ofTest.split()));
  }

  /**
   * On a CPU, whatever the model was trained on: a GPU's convolutions round to ten bits, and the
   * exported model is held against this more closely.
   */
  private static SelfTest selfTest(MixtureModel model, DataSet data, RoutingRule serving) {
    LabelledRows rows = SelfTests.rows(data.test());
    try (MixtureModel exact =
        new MixtureModel(model.spec(), model.values(), name -> false, Device.cpu())) {
      return SelfTests.record(data.classes(), rows, Predictor.predict(exact, rows), serving);
    }
  }

  /** The number of pieces in which the training and the held-out rows are measured. */
  public static int pieces(DataSet data) {
    return Predictor.pieces(data.train()) + Predictor.pieces(data.validation());
  }

  /** What {@code run.json} keeps. */
  public Run.Results results() {
    return Run.Results.of(measurements);
  }

  /** Who took which rows of both held-out splits. */
  public RunFolder.Routing routing() {
    return new RunFolder.Routing(
        RoutingTable.of(measurements.validation()), RoutingTable.of(measurements.test()));
  }

  private static SplitMeasurements measured(
      MixtureModel model,
      LabelledRows split,
      RoutingRule serving,
      CertifiedCount certified,
      Runnable piece) {
    Tally tally = new Tally(serving, model.spec().experts(), model.spec().classes().size());
    Predictor.predict(
        model,
        split,
        predictions -> {
          tally.add(predictions);
          certified.add(predictions);
          piece.run();
        });
    return tally.measurements();
  }
}
