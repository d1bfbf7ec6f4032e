package dev.gatehouse.trainer.experiment;

import dev.gatehouse.proto.file.Json;
import dev.gatehouse.trainer.config.Resolution;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * All that a cell is trained with, whoever says it: the experiment file, a preset or a default.
 * Kept beside what came of it, since presets and defaults may change where the file does not.
 */
final class CellConfiguration {
  private static final String TEACHER = "teacher";

  private CellConfiguration() {}

  /** As {@code config.yaml} has it, without places; under {@code teacher} the teacher's. */
  static Map<String, Object> of(Cell cell) {
    Map<String, Object> all = own(cell);
    if (cell.teacher() != null) {
      all.put(TEACHER, of(cell.teacher()));
    }
    return all;
  }

  private static Map<String, Object> own(Cell cell) {
    return withoutPlaces(
        cell.teacher() == null
            ? Resolution.train(cell.layer())
            : Resolution.distill(cell.layer().with(TEACHER, TEACHER)));
  }

  /** The first value of a record of {@code cell} that is another now; empty for none. */
  static Optional<String> changed(Map<String, Object> recorded, Cell cell) {
    return changed(recorded, of(cell));
  }

  /** The same of a run folder's {@code config.yaml}, which says nothing of its teacher's. */
  static Optional<String> changedInFolder(Object config, Cell cell) {
    return changed(withoutPlaces(config), own(cell));
  }

  /** The file's own words for a place are in the cell's fingerprint. */
  private static Map<String, Object> withoutPlaces(Object config) {
    ObjectNode all = Json.tree(config);
    all.remove(List.of("data_dir", TEACHER));
    if (all.path("training").path("regularizers") instanceof ObjectNode regularizers) {
      regularizers.remove("distance");
    }
    return Json.map(all);
  }

  /** A key that the record lacks came later, and its default is what was done before. */
  private static Optional<String> changed(Map<String, Object> then, Map<String, Object> now) {
    Map<String, String> is = Json.leaves(now);
    return Json.leaves(then).entrySet().stream()
        .filter(was -> !was.getValue().equals(is.getOrDefault(was.getKey(), "null")))
        .findFirst()
        .map(
            was ->
                "%s was %s, is now %s"
                    .formatted(was.getKey(), was.getValue(), is.get(was.getKey())));
  }
}
