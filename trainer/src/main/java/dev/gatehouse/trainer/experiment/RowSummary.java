package dev.gatehouse.trainer.experiment;

import static java.util.Comparator.comparingDouble;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of a row, by the two ways of choosing among its runs; both look at the held-out rows
 * alone.
 *
 * @param row which one
 * @param view which of the figures are its own
 * @param runs that ended with figures
 * @param diverged runs that did not
 * @param planned number of all its cells
 * @param chosen the run with the least held-out error, the first among equals, as the authors
 *     choose; null where there is none
 * @param point the point of the grid whose mean held-out error over the seeds is least, among those
 *     with the most runs: one that survives a single seed of three is no better for it
 * @param atPoint all runs at that point
 */
public record RowSummary(
    Row row,
    View view,
    int runs,
    int diverged,
    int planned,
    @Nullable CellResult chosen,
    @Nullable Point point,
    List<CellResult> atPoint) {
  /** One expert with a larger share of the test rows means a collapsed gate. */
  private static final double COLLAPSED = 0.95;

  static RowSummary of(Row row, View view, int planned, List<CellResult> results) {
    List<CellResult> good = results.stream().filter(r -> r.figures() != null).toList();
    Map<Point, List<CellResult>> byPoint = new LinkedHashMap<>();
    for (CellResult result : good) {
      byPoint.computeIfAbsent(new Point(result.point()), p -> new ArrayList<>()).add(result);
    }
    int most = byPoint.values().stream().mapToInt(List::size).max().orElse(0);
    Optional<Map.Entry<Point, List<CellResult>>> best =
        byPoint.entrySet().stream()
            .filter(e -> e.getValue().size() == most)
            .min(comparingDouble(e -> Spread.of(heldOut(e.getValue(), view)).mean()));
    return new RowSummary(
        row,
        view,
        good.size(),
        results.size() - good.size(),
        planned,
        good.stream().min(comparingDouble(r -> figures(r).validation().error(view))).orElse(null),
        best.map(Map.Entry::getKey).orElse(null),
        best.map(Map.Entry::getValue).orElse(List.of()));
  }

  /** A figure of the test set over the seeds at the best point; that point has runs. */
  public Spread spread(Claim.Measured figure) {
    return Spread.of(atPoint.stream().map(r -> figure.of(figures(r).test(), view)).toList());
  }

  /** Number of experts; 0 where there is no run. */
  public int experts() {
    return atPoint.isEmpty() ? 0 : figures(atPoint.get(0)).expertByClass().size();
  }

  /** True when there are runs, and a choice of experts to speak of. */
  public boolean gated() {
    return experts() > 1;
  }

  /** Runs at the best point in which one expert takes nearly all test rows. */
  long collapsed() {
    return atPoint.stream().filter(r -> largestShare(figures(r)) > COLLAPSED).count();
  }

  /** A figure of the test set by seed, at the best point. */
  public Map<Long, Double> bySeed(Claim.Measured figure) {
    Map<Long, Double> values = new LinkedHashMap<>();
    atPoint.forEach(r -> values.put(r.seed(), figure.of(figures(r).test(), view)));
    return values;
  }

  private static List<Double> heldOut(List<CellResult> results, View view) {
    return results.stream().map(r -> figures(r).validation().error(view)).toList();
  }

  /** What was measured of a run that has figures, as all that are chosen have. */
  public static CellResult.Figures figures(CellResult result) {
    return Objects.requireNonNull(result.figures(), "chosen among runs with figures");
  }

  private static double largestShare(CellResult.Figures figures) {
    List<List<Long>> table = figures.expertByClass();
    if (table.size() == 1) {
      return 0;
    }
    double all = table.stream().flatMap(List::stream).mapToLong(n -> n).sum();
    return table.stream()
            .mapToLong(expert -> expert.stream().mapToLong(n -> n).sum())
            .max()
            .orElse(0)
        / all;
  }
}
