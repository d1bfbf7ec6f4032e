package dev.gatehouse.trainer.loop;

import static java.util.stream.Collectors.toSet;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.evaluation.Measure;
import dev.gatehouse.trainer.model.MixtureModel;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * The epochs of one phase over shuffled batches. Each epoch leaves a checkpoint and its metrics
 * behind; a training that goes on from a checkpoint ends with the bits of one that never stopped.
 */
final class TrainingLoop {
  private final MixtureModel model;
  private final Objective objective;
  private final Training training;
  private final RoutingRule serving;
  private final RunFolder folder;
  private final TrainingListener listener;
  private final Stop stop;
  private final Order order;
  private final Batches batches;
  private final int stepsPerEpoch;
  private final EpochWatch watch;

  TrainingLoop(
      MixtureModel model,
      Objective objective,
      Training training,
      RoutingRule serving,
      RunFolder folder,
      TrainingListener listener,
      Stop stop) {
    this.model = model;
    this.objective = objective;
    this.training = training;
    this.serving = serving;
    this.folder = folder;
    this.listener = listener;
    this.stop = stop;
    this.order = new Order(objective.rows(), training.seed());
    Set<String> trained =
        model.parameters().trainable().stream().map(ParameterSpec::name).collect(toSet());
    this.batches = Batches.of(objective.rows(), training.batch(), model.spec(), trained::contains);
    this.stepsPerEpoch = batches.count();
    this.watch = new EpochWatch(training);
  }

  /**
   * Runs the epochs up to {@code lastEpoch}, or until the held-out error has not improved for as
   * many epochs of the phase as the configuration's patience.
   *
   * @param from where the training stands, with the optimiser's moments
   * @return where it stands then
   * @throws BadInput when the loss is no number any more or grows without end, with epoch, step and
   *     likely cause
   * @throws Stopped when it was asked to stop; the checkpoint is written
   */
  TrainingState run(int lastEpoch, TrainingState from, Adam.State moments) throws IOException {
    ModelSpec spec = model.spec();
    TrainingState state = from;
    listener.started(training.epochs(), stepsPerEpoch);
    Training.Optimizer optimizer = training.optimizer();
    try (Adam adam =
        new Adam(
            model.manager(),
            model.parameters(),
            optimizer.weightDecay(),
            optimizer.clip(),
            moments)) {
      while (state.epoch() <= lastEpoch && !watch.outOfPatience(state, stepsPerEpoch)) {
        long start = System.nanoTime();
        state = epoch(state, adam);
        EpochMetrics metrics = metrics(state, start);
        watch.requireProgress(state.metrics(), metrics);
        state = state.ended(metrics);
        Map<String, float[]> weights = model.values();
        if (state.improved() && training.stopping().keep() == Training.Stopping.Keep.BEST) {
          folder.writeBest(Weights.file(spec, weights));
        }
        new Checkpoint(state, weights, adam.state()).write(folder, spec);
        folder.write(state.metrics());
        listener.epochEnded(metrics);
        watch.warning(metrics).ifPresent(listener::warned);
      }
    }
    return state;
  }

  private TrainingState epoch(TrainingState from, Adam adam) throws IOException {
    TrainingState state = from;
    long[] rows = order.of(state.epoch());
    for (int i = state.step(); i < batches.count(); i++) {
      state = step(state, Arrays.copyOfRange(rows, batches.from(i), batches.to(i)), adam);
      if (stop.requested()) {
        new Checkpoint(state, model.values(), adam.state()).write(folder, model.spec());
        throw new Stopped(
            folder.path(), training.distillation() != null, state.epoch(), state.step());
      }
    }
    return state;
  }

  private TrainingState step(TrainingState state, long[] rows, Adam adam) {
    long number = (state.epoch() - 1L) * stepsPerEpoch + state.step();
    long all = (long) training.epochs() * stepsPerEpoch;
    try (NDManager scope = model.manager().newSubManager()) {
      Step step = new Step(scope.create(rows), rows, state.epoch(), number, all, training);
      Objective.Outcome outcome;
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        outcome = objective.of(step);
        collector.backward(outcome.loss());
      }
      double loss = outcome.loss().getFloat();
      if (!Double.isFinite(loss)) {
        throw watch.notANumber(state, outcome, step);
      }
      long wrong = outcome.wrong();
      adam.step(scope, rates(step));
      listener.stepped(state.epoch(), state.step() + 1, loss);
      return state.stepped(state.totals().plus(rows.length, loss, wrong));
    }
  }

  private Adam.Rates rates(Step step) {
    Training.Optimizer optimizer = training.optimizer();
    double rest = step.at(optimizer.learningRate());
    return optimizer.gateLearningRate() == null
        ? Adam.Rates.of(rest)
        : new Adam.Rates(step.at(optimizer.gateLearningRate()), rest);
  }

  private EpochMetrics metrics(TrainingState state, long start) {
    return Measure.epoch(
        state.epoch(),
        state.totals().loss() / state.totals().rows(),
        (double) state.totals().wrong() / state.totals().rows(),
        objective.validation(),
        serving,
        training
            .optimizer()
            .learningRate()
            .at((long) state.epoch() * stepsPerEpoch - 1, (long) training.epochs() * stepsPerEpoch),
        start);
  }
}
