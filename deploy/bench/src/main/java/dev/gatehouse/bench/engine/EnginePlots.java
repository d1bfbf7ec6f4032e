package dev.gatehouse.bench.engine;

import dev.gatehouse.bench.measure.Lines;
import dev.gatehouse.trainer.report.LinePlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** The results as a picture. */
public final class EnginePlots {
  private EnginePlots() {}

  /** Two panels a family, a line for each number of experts and k. */
  public static String ratios(List<EngineResult> results) {
    Lines<EngineResult> lines =
        new Lines<>(
            results,
            EngineResult::batch,
            result ->
                String.format(Locale.ROOT, "M = %d, k = %d", result.experts(), result.topK()));
    List<LinePlot.Panel> panels = new ArrayList<>();
    for (String family : results.stream().map(EngineResult::family).distinct().toList()) {
      Predicate<EngineResult> own = result -> result.family().equals(family);
      panels.addAll(
          lines.panel(family + ": times the floor's time", 1.0, own, EngineResult::ratioToFloor));
      panels.addAll(
          lines.panel(
              family + ": times the portable graph", 1.0, own, EngineResult::ratioToPortable));
    }
    return new LinePlot(
            "A call of the engine",
            "Left its time over that of the bare runs of gate and chosen experts, right its speed"
                + " over the portable graph's.",
            "rows",
            panels)
        .svg();
  }
}
