package dev.gatehouse.trainer.experiment;

import static java.util.stream.Collectors.averagingDouble;
import static java.util.stream.Collectors.groupingBy;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * How long cells will take: as long an epoch as the finished ones of their row, or of all rows.
 *
 * @param results so far; grows while it is asked
 * @param jobs cells at a time
 */
record Forecast(Results results, int jobs) {
  /** Seconds until {@code left} are done; empty when nothing is known yet. */
  OptionalDouble left(Collection<Cell> left) {
    List<CellResult> done =
        results.all().stream().filter(result -> result.figures() != null).toList();
    if (done.isEmpty()) {
      return OptionalDouble.empty();
    }
    Map<String, Double> byRow =
        done.stream().collect(groupingBy(CellResult::row, averagingDouble(Forecast::anEpoch)));
    double any = done.stream().collect(averagingDouble(Forecast::anEpoch));
    double sum = 0;
    for (Cell cell : left) {
      sum += byRow.getOrDefault(cell.row().name(), any) * cell.training().epochs();
    }
    return OptionalDouble.of(sum / jobs);
  }

  private static double anEpoch(CellResult result) {
    CellResult.Figures figures = Objects.requireNonNull(result.figures());
    return figures.seconds() / figures.epochs();
  }
}
