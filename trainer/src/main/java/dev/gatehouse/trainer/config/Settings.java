package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Some of a configuration's keys with their values, one layer over another: defaults, a preset, a
 * file, flags. A later layer wins key by key.
 */
public final class Settings {
  /** Farther from every known key than this, nothing is suggested. */
  private static final int NEAR = 4;

  /** Keys whose value is replaced as one: a rule's parts depend on its kind. */
  private static final List<String> WHOLE = List.of("rule", "serving");

  private final ObjectNode tree;

  private Settings(ObjectNode tree) {
    this.tree = tree;
  }

  /** No key. */
  public static Settings none() {
    return new Settings(Json.tree(Map.of()));
  }

  /** Every key of a configuration. */
  static Settings of(Object configuration) {
    return new Settings(Json.tree(configuration));
  }

  /** The keys of a tree. */
  static Settings of(ObjectNode tree) {
    return new Settings(tree.deepCopy());
  }

  /** These settings with one more. */
  public Settings with(String path, @Nullable Object value) {
    ObjectNode copy = tree.deepCopy();
    List<String> keys = List.of(path.split("\\.", -1));
    ObjectNode at = copy;
    for (String key : keys.subList(0, keys.size() - 1)) {
      at = at.get(key) instanceof ObjectNode there ? there : at.putObject(key);
    }
    at.set(keys.get(keys.size() - 1), Json.node(value));
    return new Settings(copy);
  }

  /** These settings with those of {@code later} over them. */
  public Settings under(Settings later) {
    ObjectNode merged = tree.deepCopy();
    merge(merged, later.tree);
    return new Settings(merged);
  }

  /** The text under a key at the top; null where there is none. */
  @Nullable String text(String key) {
    JsonNode node = tree.get(key);
    return node == null || node.isNull() ? null : node.asString();
  }

  /** These settings without a key at the top. */
  Settings without(String key) {
    ObjectNode copy = tree.deepCopy();
    copy.remove(key);
    return new Settings(copy);
  }

  /** True when the dotted path has a value. */
  boolean has(String path) {
    JsonNode at = tree;
    for (String key : path.split("\\.", -1)) {
      at = at.get(key);
      if (at == null) {
        return false;
      }
    }
    return true;
  }

  /**
   * Refuses keys that {@code whole} does not have.
   *
   * @param whole every key there is
   * @param free keys at the top whose insides are not looked at
   * @throws BadInput naming the key and the nearest known one
   */
  void requireKnown(Settings whole, List<String> free) {
    requireKnown("", tree, whole.tree, free);
  }

  /**
   * The configuration.
   *
   * @throws BadInput when a value is missing, of the wrong kind or out of its range
   */
  <T> T bind(Class<T> type) {
    return Json.bind(tree, type, "configuration");
  }

  /** The tree, to be written down. */
  JsonNode tree() {
    return tree;
  }

  private static void merge(ObjectNode into, ObjectNode later) {
    for (Map.Entry<String, JsonNode> entry : later.properties()) {
      JsonNode there = into.get(entry.getKey());
      if (there instanceof ObjectNode below
          && entry.getValue() instanceof ObjectNode values
          && !WHOLE.contains(entry.getKey())) {
        merge(below, values);
      } else {
        into.set(entry.getKey(), entry.getValue().deepCopy());
      }
    }
  }

  private static void requireKnown(
      String path, ObjectNode given, ObjectNode known, List<String> free) {
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      String key = entry.getKey();
      if (free.contains(key)) {
        continue;
      }
      if (!known.has(key)) {
        throw new BadInput("unknown key " + path + key + suggestion(key, known));
      }
      if (entry.getValue() instanceof ObjectNode below
          && known.get(key) instanceof ObjectNode inside) {
        requireKnown(path + key + ".", below, inside, free);
      }
    }
  }

  private static String suggestion(String key, ObjectNode known) {
    List<String> keys = new ArrayList<>();
    known.properties().forEach(entry -> keys.add(entry.getKey()));
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return keys.stream()
        .filter(candidate -> distance.apply(key, candidate) <= NEAR)
        .min(Comparator.comparing(candidate -> distance.apply(key, candidate)))
        .map(nearest -> "; did you mean " + nearest + "?")
        .orElse("; known are " + String.join(", ", keys));
  }
}
