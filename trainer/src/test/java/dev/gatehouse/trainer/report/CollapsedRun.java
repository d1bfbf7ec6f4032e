package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements;
import dev.gatehouse.trainer.evaluation.Measure;
import dev.gatehouse.trainer.evaluation.Predictions;
import java.util.List;

/** A run whose gate gives every row to expert 1 of three. */
final class CollapsedRun {
  private CollapsedRun() {}

  static MadeUpRun make() {
    Predictions all =
        new Predictions(
            3,
            4,
            new int[] {0, 1, 2, 3},
            repeated(4, .1f, .8f, .1f),
            repeated(12, .7f, .1f, .1f, .1f));
    SplitMeasurements measured = Measure.of(all, new RoutingRule.TopK(1));
    MadeUpRun other = MadeUpRun.of("c", MadeUpRun.GREY, List.of("a", "b", "c", "d"), 3, 1, 1);
    return new MadeUpRun(
        new MeasuredRun(
            other.of().run(),
            other.of().epochs(),
            new RunMeasurements(measured, measured, measured)),
        other.examples());
  }

  private static float[] repeated(int times, float... values) {
    float[] all = new float[times * values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = values[i % values.length];
    }
    return all;
  }
}
