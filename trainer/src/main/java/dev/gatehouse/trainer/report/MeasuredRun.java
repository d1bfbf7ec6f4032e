package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunMeasurements;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A finished run as its folder tells it.
 *
 * @param run what was trained and how
 * @param epochs how it went
 * @param measurements of the finished model
 */
public record MeasuredRun(Run run, List<EpochMetrics> epochs, RunMeasurements measurements) {
  /** Copies the list. */
  public MeasuredRun {
    epochs = List.copyOf(epochs);
  }

  /** Every key of {@code run.json} with its value. */
  Map<String, String> configuration() {
    return Json.leaves(run);
  }

  /** What the run is, in a line. */
  String summary() {
    int experts = run.model().experts();
    String gate = configuration().getOrDefault("model.gate.gate", "none");
    String model = experts == 1 ? "one network" : experts + " experts, gate: " + gate;
    String teacher = run.teacher() == null ? "" : ", distilled from " + run.teacher();
    return "data set "
        + run.dataset().name()
        + ", "
        + model
        + ", served "
        + run.serving()
        + ", "
        + epochs.size()
        + (epochs.size() == 1 ? " epoch" : " epochs")
        + teacher;
  }

  /** True when there is a choice of experts to speak of. */
  boolean hasGate() {
    return run.model().experts() > 1;
  }

  /** A value of each epoch. */
  double[] curve(ToDoubleFunction<EpochMetrics> value) {
    return epochs.stream().mapToDouble(value).toArray();
  }
}
