package dev.gatehouse.trainer.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The table of an experiment.
 *
 * @param plan the experiment
 * @param rows in the plan's order
 * @param claims in the plan's order
 */
public record ResultTable(Plan plan, List<RowSummary> rows, List<ClaimTest> claims) {
  /** Copies the lists. */
  public ResultTable {
    rows = List.copyOf(rows);
    claims = List.copyOf(claims);
  }

  static ResultTable of(Plan plan, Function<Cell, Optional<CellResult>> results) {
    Map<String, RowSummary> rows = new LinkedHashMap<>();
    for (Row row : plan.rows()) {
      List<Cell> cells = new ArrayList<>();
      plan.seeds(row).forEach(seed -> cells.addAll(plan.cells(row, seed)));
      List<CellResult> done = cells.stream().flatMap(cell -> results.apply(cell).stream()).toList();
      rows.put(row.name(), RowSummary.of(row, cells.get(0).view(), cells.size(), done));
    }
    List<ClaimTest> claims = new ArrayList<>();
    for (Claim claim : plan.claims()) {
      claims.add(
          ClaimTest.of(
              claim,
              Objects.requireNonNull(rows.get(claim.row())),
              Objects.requireNonNull(rows.get(claim.against()))));
    }
    return new ResultTable(plan, List.copyOf(rows.values()), claims);
  }
}
