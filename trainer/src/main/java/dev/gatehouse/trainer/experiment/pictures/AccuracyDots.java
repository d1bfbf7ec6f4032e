package dev.gatehouse.trainer.experiment.pictures;

import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.trainer.experiment.Claim.Measured;
import dev.gatehouse.trainer.experiment.ResultTable;
import dev.gatehouse.trainer.experiment.Row;
import dev.gatehouse.trainer.experiment.RowSummary;
import dev.gatehouse.trainer.experiment.Spread;
import dev.gatehouse.trainer.report.Dot;
import dev.gatehouse.trainer.report.DotPlot;
import java.util.List;

/** Test accuracy of every row. */
final class AccuracyDots {
  private static final double PERCENT = 100;

  private AccuracyDots() {}

  static DotPlot of(ResultTable table) {
    return new DotPlot(
        "Test accuracy",
        table.plan().about()
            + ". Over seeds, at each row's settings of least mean error on the held-out rows.",
        "the paper",
        table.rows().stream().map(row -> row.row().titleOrName()).toList(),
        List.of(
            new DotPlot.Panel(
                "accuracy, %",
                new DotPlot.Near(),
                Numbers::two,
                table.rows().stream().map(AccuracyDots::dot).toList())));
  }

  private static Dot dot(RowSummary row) {
    Row.Paper paper = row.row().paper();
    Double reference = paper == null ? null : paper.accuracy();
    if (row.atPoint().isEmpty()) {
      return new Dot(List.of(), null, null, reference, row.diverged() > 0 ? "diverged" : "not run");
    }
    Spread error = row.spread(Measured.ERROR);
    double mean = PERCENT * (1 - error.mean());
    double margin = error.margin() == null ? 0 : PERCENT * error.margin();
    return new Dot(
        row.bySeed(Measured.ERROR).values().stream().map(e -> PERCENT * (1 - e)).toList(),
        mean,
        error.margin() == null
            ? null
            : new Dot.Interval(mean - margin, Math.min(PERCENT, mean + margin)),
        reference,
        "");
  }
}
