package dev.gatehouse.trainer.experiment;

import dev.gatehouse.proto.BadInput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table: one method, over a grid of settings.
 *
 * @param name for files and flags: small letters, digits and dashes
 * @param title for people; null takes the name
 * @param method of the paper, as {@code train --method} takes it; null for settings alone or a
 *     distillation
 * @param teacher row whose runs are distilled, each by its own student; null trains from labels
 * @param at which of the teacher's runs: settings that its point must have
 * @param settings of this row, by dotted path
 * @param grid values to be tried, by dotted path
 * @param seeds of this row's runs; null takes the experiment's
 * @param view which of the measured figures are this row's
 * @param paper the authors' figures; null where they give none
 */
public record Row(
    String name,
    @Nullable String title,
    @Nullable String method,
    @Nullable String teacher,
    Map<String, Object> at,
    Map<String, Object> settings,
    Map<String, List<Object>> grid,
    @Nullable List<Long> seeds,
    @Nullable View view,
    @Nullable Paper paper) {
  /** Checks the name and what excludes each other. */
  public Row {
    at = Map.copyOf(at);
    settings = Map.copyOf(settings);
    grid = Collections.unmodifiableMap(new LinkedHashMap<>(grid));
    seeds = seeds == null ? null : Plan.different(seeds, "row " + name + ": ");
    if (!name.matches("[a-z0-9][a-z0-9-]*")) {
      throw new BadInput("a row's name is made of small letters, digits and '-'; name=" + name);
    }
    if (teacher != null && method != null) {
      throw new BadInput("row " + name + ": a row with a teacher is a distillation; no method");
    }
    if (grid.values().stream().anyMatch(List::isEmpty)) {
      throw new BadInput("row " + name + ": a grid without values");
    }
  }

  /** What people call it. */
  public String titleOrName() {
    return title == null ? name : title;
  }

  /** Every combination of the grid's values; one without settings where there is no grid. */
  List<Point> points() {
    List<Point> points = List.of(new Point(Map.of()));
    for (Map.Entry<String, List<Object>> axis : grid.entrySet()) {
      List<Point> longer = new ArrayList<>();
      for (Point point : points) {
        axis.getValue().forEach(value -> longer.add(point.with(axis.getKey(), value)));
      }
      points = longer;
    }
    return points;
  }

  /**
   * The authors' figures.
   *
   * @param accuracy on the test set, percent
   * @param information I(E;Y), bits; null where they give none, as for those below
   * @param sampleEntropy H_s, bits
   * @param usageEntropy H_u, bits
   */
  public record Paper(
      double accuracy,
      @Nullable Double information,
      @Nullable Double sampleEntropy,
      @Nullable Double usageEntropy) {}
}
