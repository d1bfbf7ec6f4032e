package dev.gatehouse.trainer.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.inference.TTest;
import org.jspecify.annotations.Nullable;

/**
 * A claim held against the runs: the figure's difference by seed between the two rows, each at the
 * point of its grid that is best on the held-out rows, and Student's paired t-test of it.
 *
 * @param claim what is said
 * @param difference of the first row's figure less the second's; null where fewer than two seeds
 *     have both
 * @param p two-sided probability of a difference as large by chance; null where there is none, and
 *     where all differences are the same
 */
public record ClaimTest(Claim claim, @Nullable Spread difference, @Nullable Double p) {
  private static final double LEVEL = 0.05;

  /** What came of it. */
  public enum Verdict {
    /** The difference is as claimed, and significant. */
    CONFIRMED,
    /** It is the other way round, and significant. */
    REFUTED,
    /** It is not significant. */
    OPEN
  }

  static ClaimTest of(Claim claim, RowSummary row, RowSummary against) {
    Map<Long, Double> first = row.bySeed(claim.figure());
    Map<Long, Double> second = against.bySeed(claim.figure());
    List<Double> differences = new ArrayList<>();
    first.forEach(
        (seed, value) -> {
          Double other = second.get(seed);
          if (other != null) {
            differences.add(value - other);
          }
        });
    if (differences.size() < 2) {
      return new ClaimTest(claim, null, null);
    }
    Spread spread = Spread.of(differences);
    if (spread.deviation() == null || spread.deviation() == 0) {
      return new ClaimTest(claim, spread, null);
    }
    double[] values = differences.stream().mapToDouble(d -> d).toArray();
    return new ClaimTest(claim, spread, TTest.withDefaults().test(values).getPValue());
  }

  /** What came of it at a level of 5%. */
  public Verdict verdict() {
    if (difference == null || p == null || p >= LEVEL) {
      return Verdict.OPEN;
    }
    boolean lower = difference.mean() < 0;
    return lower == (claim.expect() == Claim.Expect.LOWER) ? Verdict.CONFIRMED : Verdict.REFUTED;
  }
}
