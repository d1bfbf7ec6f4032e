package dev.gatehouse.trainer.experiment.pictures;

import dev.gatehouse.proto.page.Numbers;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.experiment.Cell;
import dev.gatehouse.trainer.experiment.CellResult;
import dev.gatehouse.trainer.experiment.ResultTable;
import dev.gatehouse.trainer.experiment.RowSummary;
import dev.gatehouse.trainer.report.LinePanels;
import dev.gatehouse.trainer.report.Series;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * How the gate decides itself while it trains: H_s over the epochs. A row under an attentive gate
 * shares its chart with the row that is trained alike under a softmax gate.
 */
final class GateEntropyLines {
  /** The least that a run's record tells from none is a tenth of this. */
  private static final double FLOOR = 1e-3;

  private static final Set<GateKind> LEARNED =
      EnumSet.of(GateKind.SOFTMAX, GateKind.NOISY, GateKind.ATTENTIVE);

  private GateEntropyLines() {}

  static LinePanels of(ResultTable table) {
    List<Trained> left = new ArrayList<>();
    for (RowSummary row : table.rows()) {
      if (row.gated() && row.row().teacher() == null) {
        Trained trained = Trained.of(table, row);
        if (LEARNED.contains(trained.cell().gate())) {
          left.add(trained);
        }
      }
    }
    List<LinePanels.Panel> panels = new ArrayList<>();
    while (!left.isEmpty()) {
      Trained first = left.remove(0);
      Optional<Trained> twin = left.stream().filter(first::isTwinOf).findFirst();
      twin.ifPresent(left::remove);
      panels.add(panel(first, twin));
    }
    return new LinePanels(
        "How decided the gate is, epoch by epoch",
        table.plan().about()
            + ". H_s in bits on the held-out rows, mean over seeds; grey: the other methods. An"
            + " attentive gate stands beside the softmax gate that is trained alike.",
        FLOOR,
        Numbers::brief,
        panels);
  }

  private static LinePanels.Panel panel(Trained first, Optional<Trained> twin) {
    List<Series> lines = new ArrayList<>(List.of(first.line()));
    twin.ifPresent(other -> lines.add(other.line()));
    // Of a pair the title is the softmax row's: the attentive one's says the gate's kind again.
    Trained named = first.isAttentive() ? twin.orElse(first) : first;
    return new LinePanels.Panel(named.row().row().titleOrName(), lines);
  }

  /**
   * A row that trains from labels.
   *
   * @param row with runs
   * @param cell the first of the row
   */
  private record Trained(RowSummary row, Cell cell) {
    static Trained of(ResultTable table, RowSummary row) {
      return new Trained(
          row, table.plan().cells(row.row(), table.plan().seeds(row.row()).get(0)).get(0));
    }

    boolean isAttentive() {
      return cell.gate() == GateKind.ATTENTIVE;
    }

    /** True when one gate is attentive and one softmax, under the same loss, rule and settings. */
    boolean isTwinOf(Trained other) {
      return EnumSet.of(cell.gate(), other.cell.gate())
              .equals(EnumSet.of(GateKind.ATTENTIVE, GateKind.SOFTMAX))
          && cell.training().loss() == other.cell.training().loss()
          && cell.training().rule().equals(other.cell.training().rule())
          && own().equals(other.own());
    }

    /** What is set, by name: the values that suit one gate may not suit the other. */
    private Set<String> own() {
      Set<String> names = new TreeSet<>(row.row().settings().keySet());
      names.addAll(row.row().grid().keySet());
      names.remove("gate");
      return names;
    }

    Series line() {
      String kind = cell.gate().toString();
      double[] values = meanByEpoch();
      double last = values[values.length - 1];
      return new Series(kind + " " + Numbers.two(last), isAttentive() ? 0 : 1, values);
    }

    /** As far as every seed was trained. */
    private double[] meanByEpoch() {
      List<List<Double>> runs =
          row.atPoint().stream()
              .map(RowSummary::figures)
              .map(CellResult.Figures::sampleEntropies)
              .toList();
      int epochs = runs.stream().mapToInt(List::size).min().orElse(0);
      return IntStream.range(0, epochs)
          .mapToDouble(i -> runs.stream().mapToDouble(run -> run.get(i)).average().orElseThrow())
          .toArray();
    }
  }
}
