package dev.gatehouse.trainer.experiment.pictures;

import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.trainer.experiment.Claim.Measured;
import dev.gatehouse.trainer.experiment.ResultTable;
import dev.gatehouse.trainer.experiment.Row;
import dev.gatehouse.trainer.experiment.RowSummary;
import dev.gatehouse.trainer.report.Dot;
import dev.gatehouse.trainer.report.DotPlot;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How decided the gate of each row is on a test row, and how evenly it uses the experts. */
final class EntropyDots {
  private EntropyDots() {}

  static DotPlot of(ResultTable table) {
    List<RowSummary> rows = table.rows().stream().filter(RowSummary::gated).toList();
    int experts = rows.stream().mapToInt(RowSummary::experts).max().orElse(2);
    return new DotPlot(
        "Sample and usage entropy",
        table.plan().about()
            + ". Test set. H_s low: the gate is decided on a row. H_u high, at most log2 "
            + experts
            + " (dashed): every expert is used.",
        "the paper",
        rows.stream().map(row -> row.row().titleOrName()).toList(),
        List.of(
            new DotPlot.Panel(
                "H_s, bit",
                new DotPlot.FromZero(),
                Numbers::three,
                dots(rows, Measured.SAMPLE_ENTROPY, Row.Paper::sampleEntropy)),
            new DotPlot.Panel(
                "H_u, bit",
                new DotPlot.UpTo(Math.log(experts) / Math.log(2)),
                Numbers::three,
                dots(rows, Measured.USAGE_ENTROPY, Row.Paper::usageEntropy))));
  }

  private static List<Dot> dots(
      List<RowSummary> rows, Measured figure, Function<Row.Paper, @Nullable Double> reported) {
    return rows.stream()
        .map(
            row -> {
              Row.Paper paper = row.row().paper();
              return new Dot(
                  List.copyOf(row.bySeed(figure).values()),
                  row.spread(figure).mean(),
                  null,
                  paper == null ? null : reported.apply(paper),
                  "");
            })
        .toList();
  }
}
