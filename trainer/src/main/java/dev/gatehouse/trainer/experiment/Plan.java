package dev.gatehouse.trainer.experiment;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.trainer.config.ConfigFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An experiment file: a table to be filled, row by row, each row a method with a grid of settings,
 * run with every seed.
 *
 * @param about what it is for, a few words
 * @param seeds of the runs of every row that has none of its own
 * @param training settings of every row that trains from labels, by dotted path
 * @param distillation settings of every row that has a teacher, by dotted path
 * @param rows of the table, in order; a teacher stands before its students
 * @param claims what is said of the rows, to be tested over the seeds
 */
public record Plan(
    String about,
    List<Long> seeds,
    Map<String, Object> training,
    Map<String, Object> distillation,
    List<Row> rows,
    List<Claim> claims) {
  /** Checks that rows and claims name rows that are there. */
  public Plan {
    seeds = different(seeds, "");
    training = Map.copyOf(training);
    distillation = Map.copyOf(distillation);
    rows = List.copyOf(rows);
    claims = List.copyOf(claims);
    if (rows.isEmpty()) {
      throw new BadInput("an experiment has one row or more");
    }
    Set<String> known = new LinkedHashSet<>();
    for (Row row : rows) {
      if (row.teacher() != null && !known.contains(row.teacher())) {
        throw new BadInput(
            "row " + row.name() + ": no row above it is named as its teacher " + row.teacher());
      }
      if (!known.add(row.name())) {
        throw new BadInput("two rows are named " + row.name());
      }
    }
    for (Claim claim : claims) {
      for (String name : List.of(claim.row(), claim.against())) {
        if (!known.contains(name)) {
          throw new BadInput("claim \"" + claim.claim() + "\": no row is named " + name);
        }
      }
    }
  }

  /**
   * Reads an experiment file.
   *
   * @throws BadInput when it is missing, no YAML, or says what an experiment does not have
   */
  public static Plan read(Path file) {
    ObjectNode tree = ConfigFile.tree(file);
    List.of("training", "distillation").forEach(key -> orElse(tree, key, Map.of()));
    orElse(tree, "claims", List.of());
    if (tree.get("rows") instanceof ArrayNode rows) {
      for (JsonNode row : rows) {
        if (row instanceof ObjectNode one) {
          List.of("title", "method", "teacher", "seeds", "paper", "view")
              .forEach(key -> orElse(one, key, null));
          List.of("at", "settings", "grid").forEach(key -> orElse(one, key, Map.of()));
          if (one.get("paper") instanceof ObjectNode paper) {
            List.of("information", "sample_entropy", "usage_entropy")
                .forEach(key -> orElse(paper, key, null));
          }
        }
      }
    }
    return Json.bind(tree, Plan.class, file.toString());
  }

  /**
   * The row called {@code name}.
   *
   * @throws BadInput when there is none
   */
  public Row row(String name) {
    return rows.stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInput(
                    "row must be one of "
                        + rows.stream().map(Row::name).collect(Collectors.joining(", "))
                        + "; row="
                        + name));
  }

  /** Every cell, the first seed of all rows first: a part of the grid is then a table too. */
  public List<Cell> cells() {
    Set<Long> every = new LinkedHashSet<>(seeds);
    rows.forEach(row -> every.addAll(seeds(row)));
    List<Cell> cells = new ArrayList<>();
    for (long seed : every) {
      for (Row row : rows) {
        if (seeds(row).contains(seed)) {
          cells.addAll(cells(row, seed));
        }
      }
    }
    return cells;
  }

  /** The seeds that a row is run with. */
  public List<Long> seeds(Row row) {
    return row.seeds() == null ? seeds : row.seeds();
  }

  /** The cells of a row with one seed, in the order of its grid; the seed need not be listed. */
  public List<Cell> cells(Row row, long seed) {
    List<Cell> cells = new ArrayList<>();
    if (row.teacher() == null) {
      row.points().forEach(point -> cells.add(Cell.trained(this, row, point, seed)));
      return cells;
    }
    for (Cell teacher : cells(row(row.teacher()), seed)) {
      if (row.at().entrySet().stream().allMatch(e -> teacher.point().has(e))) {
        row.points().forEach(point -> cells.add(Cell.distilled(this, row, point, teacher)));
      }
    }
    if (cells.isEmpty()) {
      throw new BadInput(
          "row " + row.name() + ": its teacher " + row.teacher() + " has no run at " + row.at());
    }
    return cells;
  }

  static List<Long> different(List<Long> seeds, String where) {
    if (seeds.isEmpty() || new HashSet<>(seeds).size() < seeds.size()) {
      throw new BadInput(where + "seeds must be one or more different numbers; seeds=" + seeds);
    }
    return List.copyOf(seeds);
  }

  private static void orElse(ObjectNode tree, String key, @Nullable Object value) {
    if (!tree.has(key)) {
      tree.set(key, Json.node(value));
    }
  }
}
