package dev.gatehouse.trainer.loop;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.array.Devices;
import dev.gatehouse.trainer.array.Elements;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.LabelledRows;
import dev.gatehouse.trainer.evaluation.DeviceRows;
import dev.gatehouse.trainer.evaluation.Predictor;
import dev.gatehouse.trainer.model.MixtureModel;
import java.util.Map;

/**
 * Takes the steps that a training from labels takes, one by one and without a run folder, and
 * measures them.
 */
public final class StepMeter implements AutoCloseable {
  private final Training training;
  private final MixtureModel model;
  private final Objective objective;
  private final DeviceRows rows;
  private final Adam adam;
  private int number;
  private double loss = Double.NaN;

  /** Puts model and data on the preferred device. */
  public StepMeter(ModelSpec spec, Map<String, float[]> values, DataSet data, Training training) {
    this(spec, values, data, training, Devices.preferred());
  }

  /**
   * Puts model and data on a device.
   *
   * @param values first values of all parameters, by name
   */
  public StepMeter(
      ModelSpec spec, Map<String, float[]> values, DataSet data, Training training, Device device) {
    this.training = training;
    this.model = new MixtureModel(spec, values, name -> true, device);
    this.objective = new LabelObjective(model, data, training, new Regularisation(training, null));
    this.rows = DeviceRows.put(model.manager(), data.train());
    Training.Optimizer optimizer = training.optimizer();
    this.adam =
        new Adam(
            model.manager(),
            model.parameters(),
            optimizer.weightDecay(),
            optimizer.clip(),
            Adam.State.START);
  }

  /** One step on the training rows at {@code indices}. */
  public StepTimes step(long[] indices) {
    double data = selection(indices);
    long start = now();
    long forward;
    long backward;
    try (NDManager scope = model.manager().newSubManager()) {
      Step step =
          new Step(scope.create(indices), indices, 1, number++, Integer.MAX_VALUE, training);
      Objective.Outcome outcome;
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        outcome = objective.of(step);
        forward = now();
        collector.backward(outcome.loss());
      }
      backward = now();
      loss = outcome.loss().getFloat();
      outcome.wrong();
      adam.step(scope, Adam.Rates.of(step.at(training.optimizer().learningRate())));
    }
    long end = now();
    return new StepTimes(
        data,
        milliseconds(forward - start) - data,
        milliseconds(backward - forward),
        milliseconds(end - backward));
  }

  /** Milliseconds that the model takes to answer a split as it is measured at an epoch's end. */
  double predict(LabelledRows split) {
    long start = System.nanoTime();
    Predictor.predict(model, split);
    return milliseconds(System.nanoTime() - start);
  }

  /** The loss of the last step's rows before that step; NaN before the first. */
  public double loss() {
    return loss;
  }

  @Override
  public void close() {
    adam.close();
    model.close();
  }

  /** The time when all that was asked of the device is done: a GPU works behind its caller. */
  private long now() {
    NDArray weights = model.parameters().weights();
    if (weights.getDevice().isGpu()) {
      try (NDArray one = weights.get(0)) {
        Elements.floats(one);
      }
    }
    return System.nanoTime();
  }

  /** The objective selects its rows itself, so that part is measured by doing it once more. */
  private double selection(long[] indices) {
    long start = System.nanoTime();
    try (NDManager scope = model.manager().newSubManager()) {
      rows.select(scope.create(indices));
      return milliseconds(now() - start);
    }
  }

  private static double milliseconds(long nanos) {
    return nanos / 1e6;
  }
}
