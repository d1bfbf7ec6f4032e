package dev.gatehouse.trainer.experiment;

import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.file.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code cells.jsonl}: what came of every cell that was run, a line each in the order of the plan.
 * A line whose settings the plan no longer has, or that was trained with other numbers than these
 * settings come to now, is left out when the file is written again.
 */
final class Results {
  private final Path file;
  private final List<String> order;
  private final Map<String, CellResult> lines;
  private final List<String> outdated;

  private Results(
      Path file, List<String> order, Map<String, CellResult> lines, List<String> outdated) {
    this.file = file;
    this.order = order;
    this.lines = lines;
    this.outdated = List.copyOf(outdated);
  }

  /**
   * Reads the results so far; none where there is no file.
   *
   * @throws dev.gatehouse.proto.BadInput when a line is damaged
   */
  static Results open(Path file, List<Cell> cells) throws IOException {
    Map<String, CellResult> lines = new HashMap<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        CellResult result = Json.parse(line, CellResult.class, file.toString());
        lines.put(key(result.row(), result.fingerprint()), result);
      }
    }
    List<String> outdated = new ArrayList<>();
    for (Cell cell : cells) {
      CellResult known = lines.get(key(cell));
      if (known != null && known.configuration() != null) {
        CellConfiguration.changed(known.configuration(), cell)
            .ifPresent(
                change -> {
                  outdated.add(cell.id() + ": " + change);
                  lines.remove(key(cell));
                });
      }
    }
    return new Results(file, cells.stream().map(Results::key).toList(), lines, outdated);
  }

  /** Cells that are on record with other numbers than they have now, and which number changed. */
  List<String> outdated() {
    return outdated;
  }

  /** What came of a cell under the settings that it has now; empty when it has not been run. */
  Optional<CellResult> of(Cell cell) {
    return Optional.ofNullable(lines.get(key(cell)));
  }

  /** Every result that is on record. */
  List<CellResult> all() {
    return order.stream().map(lines::get).filter(Objects::nonNull).toList();
  }

  /** Adds what came of a cell, and writes the file. */
  void add(Cell cell, CellResult result) throws IOException {
    lines.put(key(cell), result);
    AtomicFiles.write(
        file, all().stream().map(line -> Json.line(line) + "\n").collect(Collectors.joining()));
  }

  private static String key(Cell cell) {
    return key(cell.row().name(), cell.fingerprint());
  }

  private static String key(String row, String fingerprint) {
    return row + " " + fingerprint;
  }
}
