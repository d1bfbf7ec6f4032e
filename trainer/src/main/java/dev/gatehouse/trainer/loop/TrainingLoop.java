package dev.gatehouse.trainer.loop;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.evaluation.Measure;
import dev.gatehouse.trainer.model.MixtureModel;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/** Epochs over shuffled batches; each leaves its weights, optimiser state and metrics behind. */
final class TrainingLoop {
  private final MixtureModel model;
  private final Objective objective;
  private final Run.Training training;
  private final RoutingRule serving;
  private final RunFolder folder;
  private final TrainingListener listener;

  TrainingLoop(
      MixtureModel model,
      Objective objective,
      Run.Training training,
      RoutingRule serving,
      RunFolder folder,
      TrainingListener listener) {
    this.model = model;
    this.objective = objective;
    this.training = training;
    this.serving = serving;
    this.folder = folder;
    this.listener = listener;
  }

  /**
   * Runs all epochs.
   *
   * @throws BadInput when the loss is no number any more, with epoch and step
   */
  void run() throws IOException {
    Random random = new Random(training.seed());
    int rows = objective.rows();
    listener.started(training.epochs(), (rows + training.batch() - 1) / training.batch());
    try (Adam adam =
        new Adam(
            model.manager(), model.parameters(), training.learningRate(), training.weightDecay())) {
      for (int epoch = 1; epoch <= training.epochs(); epoch++) {
        long start = System.nanoTime();
        Totals totals = epoch(epoch, shuffled(rows, random), adam);
        Checkpoints.write(folder, model, adam);
        EpochMetrics metrics = metrics(epoch, totals, start);
        folder.append(metrics);
        listener.epochEnded(metrics);
      }
    }
  }

  private Totals epoch(int epoch, long[] order, Adam adam) {
    Totals totals = new Totals();
    int step = 0;
    for (int from = 0; from < order.length; from += training.batch()) {
      step++;
      int to = Math.min(order.length, from + training.batch());
      double loss = step(Arrays.copyOfRange(order, from, to), adam, totals);
      if (!Double.isFinite(loss)) {
        throw new BadInput(
            "the loss became "
                + loss
                + " in epoch "
                + epoch
                + ", step "
                + step
                + "; try a smaller learning_rate; learning_rate="
                + training.learningRate());
      }
      listener.stepped(epoch, step, loss);
    }
    return totals;
  }

  private double step(long[] indices, Adam adam, Totals totals) {
    try (NDManager scope = model.manager().newSubManager()) {
      Objective.Outcome outcome;
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray batch = scope.create(indices);
        outcome = objective.of(batch);
        collector.backward(outcome.loss());
      }
      double loss = outcome.loss().getFloat();
      totals.add(indices.length, loss, outcome.wrong());
      if (Double.isFinite(loss)) {
        adam.step(scope);
      }
      return loss;
    }
  }

  private EpochMetrics metrics(int epoch, Totals totals, long start) {
    return Measure.epoch(
        epoch,
        totals.loss / totals.rows,
        (double) totals.wrong / totals.rows,
        objective.validation(),
        serving,
        training.learningRate(),
        start);
  }

  /** 0 to {@code rows} - 1 in random order (Fisher and Yates), drawn in Java. */
  private static long[] shuffled(int rows, Random random) {
    long[] order = new long[rows];
    for (int i = 0; i < rows; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Sums over the steps of an epoch. */
  private static final class Totals {
    private long rows;
    private double loss;
    private long wrong;

    void add(int stepRows, double stepLoss, long stepWrong) {
      rows += stepRows;
      loss += stepLoss * stepRows;
      wrong += stepWrong;
    }
  }
}
