package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.trainer.evaluation.Measure;
import dev.gatehouse.trainer.evaluation.Predictions;

/** What is written down of an epoch. */
final class EpochMeasure {
  private EpochMeasure() {}

  static EpochMetrics of(
      int epoch,
      TrainingState.Totals totals,
      double learningRate,
      Predictions heldOut,
      double seconds) {
    return new EpochMetrics(
        epoch,
        totals.loss() / totals.rows(),
        (double) totals.wrong() / totals.rows(),
        Measure.error(heldOut, new RoutingRule.Dense()),
        Measure.sampleEntropy(heldOut),
        Measure.usageEntropy(heldOut),
        Measure.load(heldOut),
        seconds);
  }
}
