package dev.gatehouse.trainer.evaluation;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.SplitMeasurements;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The measurements of predictions that are held whole. */
public final class Measure {
  private static final double NANOS = 1e9;

  private Measure() {}

  /** Everything there is to measure under {@code serving}. */
  public static SplitMeasurements of(Predictions all, RoutingRule serving) {
    Tally tally = new Tally(serving, all.experts(), all.classes());
    tally.add(all);
    return tally.measurements();
  }

  /**
   * The line that an epoch leaves in {@code metrics.jsonl}.
   *
   * @param epoch from 1
   * @param loss mean training loss with regularisers
   * @param trainError share of training rows wrong, counted during the epoch
   * @param heldOut what the model says of the held-out rows at the end of the epoch
   * @param serving the rule to be served
   * @param learningRate the optimiser's step size at the end of the epoch
   * @param started {@link System#nanoTime} at the start of the epoch
   */
  public static EpochMetrics epoch(
      int epoch,
      double loss,
      double trainError,
      Predictions heldOut,
      RoutingRule serving,
      double learningRate,
      long started) {
    SplitMeasurements measured = of(heldOut, serving);
    return new EpochMetrics(
        epoch,
        loss,
        trainError,
        measured.dense().top1(),
        measured.served().top1(),
        measured.served().top5(),
        measured.calibrationError(),
        measured.gate().sample(),
        measured.gate().usage(),
        measured.mutualInformation(),
        measured.taskEntropy(),
        measured.loadVariation(),
        measured.experts().stream().map(e -> (double) e.rows() / measured.rows()).toList(),
        accuracies(measured),
        measured.expertByClass(),
        learningRate,
        (System.nanoTime() - started) / NANOS);
  }

  private static List<@Nullable Double> accuracies(SplitMeasurements measured) {
    List<@Nullable Double> accuracies = new ArrayList<>();
    measured.experts().forEach(expert -> accuracies.add(expert.accuracy()));
    return accuracies;
  }
}
