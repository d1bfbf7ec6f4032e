package dev.gatehouse.trainer.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.trainer.experiment.Claim.Expect;
import dev.gatehouse.trainer.experiment.Claim.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Held against numbers worked out by hand with a table of Student's t. */
class StatisticsTest {
  @Test
  void theIntervalOfAMeanIsStudents() {
    Spread spread = Spread.of(List.of(1.0, 2.0, 3.0, 4.0, 5.0));
    assertThat(spread.mean()).isEqualTo(3);
    assertThat(spread.deviation()).isCloseTo(Math.sqrt(2.5), within(1e-12));
    // t(4, 0.975) = 2.776445 of the table.
    assertThat(spread.margin()).isCloseTo(2.776445 * Math.sqrt(2.5 / 5), within(1e-6));
    assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(1, 7, null, null));
  }

  @Test
  void theAuthorsRunHasTheLeastHeldOutErrorAndTheMeanIsAtThePointWhoseMeanIsLeast() {
    RowSummary row =
        summary(
            "a",
            result("a", 0.2, 1, 0.10, 0.30),
            result("a", 0.2, 2, 0.50, 0.40),
            result("a", 0.4, 1, 0.20, 0.25),
            result("a", 0.4, 2, 0.22, 0.15));
    CellResult chosen = Objects.requireNonNull(row.chosen());
    assertThat(chosen.point()).isEqualTo(Map.of("w", 0.2));
    assertThat(chosen.seed()).isEqualTo(1);
    assertThat(row.point()).isEqualTo(new Point(Map.of("w", 0.4)));
    assertThat(row.spread(Measured.ERROR).mean()).isCloseTo(0.2, within(1e-12));
  }

  /** As where the other seeds diverged, or have not been run. */
  @Test
  void aPointWithFewerRunsThanAnotherIsNotTheBest() {
    RowSummary row =
        summary(
            "a",
            result("a", 1.0, 1, 0.048, 0.05),
            result("a", 0.2, 1, 0.050, 0.05),
            result("a", 0.2, 2, 0.052, 0.05));
    assertThat(row.point()).isEqualTo(new Point(Map.of("w", 0.2)));
    assertThat(row.spread(Measured.ERROR).count()).isEqualTo(2);
  }

  @Test
  void aRowOfWhichEveryRunDivergedIsNotCalledNotRun() {
    RowSummary row =
        summary("a", new CellResult("a", Map.of(), 1, "", null, "diverged at step 3", null));
    Plan plan = new Plan("x", List.of(1L), Map.of(), Map.of(), List.of(row("a")), List.of());
    assertThat(ResultText.markdown(new ResultTable(plan, List.of(row), List.of())))
        .contains("| a | diverged |")
        .doesNotContain("not run");
  }

  @Test
  void aClaimIsTestedOverTheSeedsThatBothRowsHave() {
    // Differences -1, -2, -3 hundredths: t = -3.4641 with 2 degrees of freedom, p = 0.0742.
    ClaimTest open =
        ClaimTest.of(
            claim(Expect.LOWER),
            summary(
                "a",
                result("a", 1, 1, 0, 0.10),
                result("a", 1, 2, 0, 0.10),
                result("a", 1, 3, 0, 0.10),
                result("a", 1, 4, 0, 0.90)),
            summary(
                "b",
                result("b", 1, 1, 0, 0.11),
                result("b", 1, 2, 0, 0.12),
                result("b", 1, 3, 0, 0.13)));
    Spread difference = Objects.requireNonNull(open.difference());
    assertThat(difference.count()).isEqualTo(3);
    assertThat(difference.mean()).isCloseTo(-0.02, within(1e-12));
    assertThat(open.p()).isCloseTo(0.0742, within(5e-5));
    assertThat(open.verdict()).isEqualTo(ClaimTest.Verdict.OPEN);
  }

  @Test
  void aSignificantDifferenceConfirmsOrRefutes() {
    RowSummary low =
        summary(
            "a",
            result("a", 1, 1, 0, 0.10),
            result("a", 1, 2, 0, 0.11),
            result("a", 1, 3, 0, 0.10));
    RowSummary high =
        summary(
            "b",
            result("b", 1, 1, 0, 0.30),
            result("b", 1, 2, 0, 0.31),
            result("b", 1, 3, 0, 0.32));
    assertThat(ClaimTest.of(claim(Expect.LOWER), low, high).verdict())
        .isEqualTo(ClaimTest.Verdict.CONFIRMED);
    assertThat(ClaimTest.of(claim(Expect.HIGHER), low, high).verdict())
        .isEqualTo(ClaimTest.Verdict.REFUTED);
  }

  @Test
  void everyLineOfATableHasItsCells() {
    RowSummary a = summary("a", result("a", 1, 1, 0.2, 0.10), result("a", 1, 2, 0.1, 0.11));
    RowSummary none = summary("b");
    Plan plan =
        new Plan("x", List.of(1L, 2L), Map.of(), Map.of(), List.of(row("a"), row("b")), List.of());
    ResultTable table =
        new ResultTable(
            plan, List.of(a, none), List.of(ClaimTest.of(claim(Expect.LOWER), a, none)));
    List<Integer> bars = new ArrayList<>();
    ResultText.markdown(table)
        .lines()
        .filter(line -> line.startsWith("|"))
        .forEach(line -> bars.add((int) line.chars().filter(c -> c == '|').count()));
    assertThat(bars).containsExactly(13, 13, 13, 13, 12, 12, 12, 12, 8, 8, 8);
    assertThat(ResultText.markdown(table)).contains("| a | w=1.0, seed 2 | 89.00 |");
    assertThat(ResultText.csv(table).lines().map(line -> line.split(",", -1).length))
        .containsExactly(26, 26, 26);
  }

  private static Claim claim(Expect expect) {
    return new Claim("a errs less", "a", "b", Measured.ERROR, expect);
  }

  private static Row row(String name) {
    return new Row(name, null, null, null, Map.of(), Map.of(), Map.of(), null, null, null);
  }

  private static RowSummary summary(String name, CellResult... results) {
    return RowSummary.of(row(name), View.DENSE, results.length, List.of(results));
  }

  private static CellResult result(
      String row, double weight, long seed, double heldOut, double test) {
    return new CellResult(
        row,
        Map.of("w", weight),
        seed,
        "",
        null,
        null,
        new CellResult.Figures(
            "0123456789abcdef",
            1,
            1,
            Map.of(),
            split(test),
            split(heldOut),
            split(test),
            List.of(List.of(1L), List.of(1L)),
            List.of(heldOut),
            List.of(0.0)));
  }

  private static SplitFigures split(double error) {
    return new SplitFigures(100, error, 1, 1, null, 0, 1, 2, 0, 2, 2, 1, 1, 1, 1, 0);
  }
}
