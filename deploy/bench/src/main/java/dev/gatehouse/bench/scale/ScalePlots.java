package dev.gatehouse.bench.scale;

import dev.gatehouse.bench.measure.Lines;
import dev.gatehouse.trainer.report.LinePlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The results as pictures. */
public final class ScalePlots {
  private static final double BYTES_A_MEGABYTE = 1e6;
  private static final String EXPERTS = "M";

  private ScalePlots() {}

  private record Measure(
      String name, @Nullable Double limit, Function<ScaleResult, @Nullable Double> of) {}

  /** Rows of many callers: their time, and their rate beside those of other ways to batch. */
  public static String load(List<ScaleResult> results) {
    Lines<ScaleResult> lines =
        new Lines<>(
            results,
            ScaleResult::experts,
            result -> String.format(Locale.ROOT, "%d in flight", result.inFlight()));
    List<LinePlot.Panel> panels = new ArrayList<>();
    for (String kind : results.stream().map(ScalePlots::kind).distinct().toList()) {
      for (Measure measure :
          List.of(
              new Measure("time of a row, us", null, ScaleResult::timeARowUs),
              new Measure("times global", 1.0, ScaleResult::timesGlobalBatch))) {
        panels.addAll(
            lines.panel(
                kind + ": " + measure.name(),
                measure.limit(),
                result -> kind(result).equals(kind),
                measure.of()));
      }
    }
    return new LinePlot(
            "Rows of many callers",
            "Under the load of all callers: left the inverse of the rate, right the rate over that"
                + " of one batch over all callers through the same sessions.",
            EXPERTS,
            panels)
        .svg();
  }

  /** One row alone, and what opening the bundle takes. */
  public static String alone(List<ScaleResult> results) {
    // What does not depend on the rows under way is said once.
    List<ScaleResult> once =
        results.stream().filter(result -> result.inFlight() == results.get(0).inFlight()).toList();
    Lines<ScaleResult> lines =
        new Lines<>(
            once,
            ScaleResult::experts,
            result -> String.format(Locale.ROOT, "%s, k = %d", result.skew(), result.topK()));
    List<LinePlot.Panel> panels = new ArrayList<>();
    for (String family : once.stream().map(ScaleResult::family).distinct().toList()) {
      for (Measure measure :
          List.of(
              new Measure("one row alone, us", null, ScaleResult::oneRowUs),
              new Measure("its bare runs, us", null, ScaleResult::floorRowUs),
              new Measure("start, ms", null, ScaleResult::openMs),
              new Measure("resident, MB", null, ScalePlots::megabytes))) {
        panels.addAll(
            lines.panel(
                family + ": " + measure.name(),
                measure.limit(),
                result -> result.family().equals(family),
                measure.of()));
      }
    }
    return new LinePlot(
            "One row, start and memory",
            "One row alone on its caller's thread beside the bare runs of gate and chosen experts;"
                + " and what opening the bundle takes in a fresh process.",
            EXPERTS,
            panels)
        .svg();
  }

  private static String kind(ScaleResult result) {
    return String.format(
        Locale.ROOT, "%s, k = %d, %s", result.family(), result.topK(), result.skew());
  }

  private static @Nullable Double megabytes(ScaleResult result) {
    Long bytes = result.residentBytes();
    return bytes == null ? null : bytes / BYTES_A_MEGABYTE;
  }
}
