package dev.gatehouse.proto.file;

import dev.gatehouse.proto.BadInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one JSON dialect of Gatehouse's files: snake_case keys, records, enum names in lower case, no
 * key that the record does not know, and none missing but those that the record marks with {@code
 * JsonProperty(isRequired = FALSE)}, whose value is then null. No other value is null but those
 * that the record marks as {@code Nullable}.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .annotationIntrospector(new Dialect())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(tools.jackson.databind.MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();
  private static final JsonMapper LINES =
      MAPPER.rebuild().disable(SerializationFeature.INDENT_OUTPUT).build();

  private Json() {}

  /** {@code value} as indented JSON that ends in a line feed. */
  public static String text(Object value) {
    return MAPPER.writeValueAsString(value) + "\n";
  }

  /** {@code value} as JSON on one line, without a line feed. */
  public static String line(Object value) {
    return LINES.writeValueAsString(value);
  }

  /**
   * Reads a {@code type} from {@code text}.
   *
   * @param where names the source in the message of a failure
   * @throws BadInput when the text is no JSON, is or has a null that may be none, has an unknown or
   *     missing key, or a value out of range
   */
  public static <T> T parse(String text, Class<T> type, String where) {
    try {
      return present(MAPPER.readValue(text, type), where);
    } catch (JacksonException e) {
      throw new BadInput(where + ": " + JsonFault.of(e), e);
    }
  }

  /** Makes what reads {@code type}; the first {@link #parse} would. */
  public static void prepare(Class<?> type) {
    MAPPER.readerFor(type);
  }

  /** {@code value} as a node; null as JSON has it. */
  public static JsonNode node(@Nullable Object value) {
    return MAPPER.valueToTree(value);
  }

  /** {@code value} as a tree that can be changed. */
  public static ObjectNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** {@code value} as maps, lists, text, numbers and truth values. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> map(Object value) {
    return MAPPER.convertValue(value, Map.class);
  }

  /**
   * Reads a {@code type} from a tree.
   *
   * @param where names the source in the message of a failure
   * @throws BadInput as {@link #parse}
   */
  public static <T> T bind(JsonNode tree, Class<T> type, String where) {
    try {
      return present(MAPPER.treeToValue(tree, type), where);
    } catch (JacksonException e) {
      throw new BadInput(where + ": " + JsonFault.of(e), e);
    }
  }

  private static <T> T present(@Nullable T value, String where) {
    if (value == null) {
      throw new BadInput(where + ": the whole must not be null");
    }
    return value;
  }

  /**
   * Reads a {@code type} from a file.
   *
   * @throws BadInput as {@link #parse}, and when the file is missing or cannot be read
   */
  public static <T> T read(Path file, Class<T> type) {
    return parse(readText(file), type, file.toString());
  }

  /**
   * Reads the whole number under {@code key} at the top of a JSON file, whatever else the file
   * holds; used to look at a format's version before the rest is believed.
   *
   * @throws BadInput when the file is missing, no JSON, or has no such number
   */
  public static int readInt(Path file, String key) {
    return parseInt(readText(file), key, file.toString());
  }

  /**
   * The same of a text.
   *
   * @param where names the source in the message of a failure
   * @throws BadInput when the text is no JSON, or has no such number
   */
  public static int parseInt(String text, String key, String where) {
    try {
      var node = MAPPER.readTree(text).get(key);
      if (node == null || !node.isInt()) {
        throw new BadInput(where + ": no whole number under the key " + key);
      }
      return node.intValue();
    } catch (JacksonException e) {
      throw new BadInput(where + ": " + JsonFault.of(e), e);
    }
  }

  /**
   * Every value of a record in its file's order, by the dotted path of its key: {@code
   * dataset.train_rows}, {@code model.expert.trunk[0].layer}. A list of plain values is one value.
   */
  public static Map<String, String> leaves(Object value) {
    Map<String, String> leaves = new LinkedHashMap<>();
    addLeaves("", MAPPER.valueToTree(value), leaves);
    return Collections.unmodifiableMap(leaves);
  }

  private static void addLeaves(String path, JsonNode node, Map<String, String> leaves) {
    if (node.isObject()) {
      String prefix = path.isEmpty() ? "" : path + ".";
      node.properties().forEach(p -> addLeaves(prefix + p.getKey(), p.getValue(), leaves));
    } else if (node.isArray() && node.valueStream().anyMatch(JsonNode::isContainer)) {
      for (int i = 0; i < node.size(); i++) {
        addLeaves(path + "[" + i + "]", node.get(i), leaves);
      }
    } else if (node.isArray()) {
      leaves.put(
          path, node.valueStream().map(JsonNode::asString).collect(Collectors.joining(", ")));
    } else {
      leaves.put(path, node.isNull() ? "null" : node.asString());
    }
  }

  private static String readText(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInput(file + ": no such file");
    }
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
