package dev.gatehouse.trainer.experiment.pictures;

import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.trainer.experiment.CellResult;
import dev.gatehouse.trainer.experiment.ResultTable;
import dev.gatehouse.trainer.experiment.RowSummary;
import dev.gatehouse.trainer.experiment.SplitFigures;
import dev.gatehouse.trainer.report.HeatMaps;
import java.util.Objects;

/** Which expert takes which class, in the run of each row that is chosen on the held-out rows. */
final class ExpertHeatMaps {
  private ExpertHeatMaps() {}

  static HeatMaps of(ResultTable table) {
    return new HeatMaps(
        "Which expert takes which class",
        table.plan().about()
            + ". Test rows by argmax expert (rows of a map) and true class (columns), ordered so that"
            + " a clean division shows as blocks. One run a method, the best on the held-out rows,"
            + " with its test accuracy and I(E;Y).",
        table.rows().stream().filter(RowSummary::gated).map(ExpertHeatMaps::map).toList());
  }

  private static HeatMaps.Model map(RowSummary row) {
    CellResult.Figures figures =
        RowSummary.figures(Objects.requireNonNull(row.chosen(), "a row with runs"));
    SplitFigures test = figures.test();
    return new HeatMaps.Model(
        row.row().titleOrName(),
        Numbers.percent(1 - test.error(row.view())) + ", " + Numbers.bits(test.information()),
        figures.expertByClass());
  }
}
