package dev.gatehouse.proto.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Null in place of any value of a kept file is refused in one line that names its key, or taken.
 */
class NullsTest {
  private static final Path ROOT = Path.of(System.getProperty("gatehouse.root"));
  private static final Path BUNDLES = ROOT.resolve("server/engine/src/test/resources/bundles");

  /** Keys and what the records allow to be null there. */
  private static final List<String> MAY_BE_NULL =
      List.of(
          "precision",
          "precision.measured",
          "provenance",
          "provenance.teacher",
          "results",
          "imported",
          "graphs.portable",
          "graphs.gate",
          "teacher");

  /** Replaces every value in turn; the paths of those that were taken. */
  private static <T> List<String> taken(Path file, Class<T> type) throws IOException {
    JsonNode whole = JsonMapper.shared().readTree(Files.readString(file));
    List<String> taken = new ArrayList<>();
    walk(whole, whole, "", file, type, taken);
    return taken;
  }

  private static <T> void walk(
      JsonNode whole, JsonNode at, String path, Path file, Class<T> type, List<String> taken) {
    if (at instanceof ObjectNode object) {
      for (String key : List.copyOf(object.propertyNames())) {
        JsonNode kept = Objects.requireNonNull(object.get(key));
        String inner = path.isEmpty() ? key : path + "." + key;
        object.putNull(key);
        attempt(whole, inner, file, type, taken);
        object.set(key, kept);
        walk(whole, kept, inner, file, type, taken);
      }
    } else if (at instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        JsonNode kept = array.get(i);
        array.setNull(i);
        attempt(whole, path + "[" + i + "]", file, type, taken);
        array.set(i, kept);
        walk(whole, kept, path + "[" + i + "]", file, type, taken);
      }
    }
  }

  private static <T> void attempt(
      JsonNode whole, String path, Path file, Class<T> type, List<String> taken) {
    try {
      Json.parse(whole.toString(), type, file.toString());
      taken.add(path);
    } catch (BadInput e) {
      assertThat(e.getMessage()).as(path).startsWith(file + ": ").doesNotContain("\n");
      String key = path.replaceAll(".*\\.|\\[\\d+]$", "");
      assertThat(e.getMessage()).as(path).contains(key.replaceAll("\\[\\d+]$", ""));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-top2", "tiny-int8", "tiny-table", "tiny-dense"})
  void shouldRefuseOrTakeNullAnywhereInAManifest(String name) throws Exception {
    List<String> taken = taken(BUNDLES.resolve(name + "/1/manifest.json"), Manifest.class);

    assertThat(taken)
        .as("training is for people and may hold anything")
        .filteredOn(path -> !path.startsWith("provenance.training."))
        .isSubsetOf(MAY_BE_NULL)
        .contains("provenance", "results");
  }

  @Test
  void shouldRefuseOrTakeNullAnywhereInARun() throws Exception {
    Path run = ROOT.resolve("proto/src/test/resources/formats/run-1/run.json");

    assertThat(taken(run, Run.class))
        .filteredOn(path -> !path.startsWith("training."))
        .isSubsetOf(MAY_BE_NULL)
        .contains("teacher");
  }

  @ParameterizedTest
  @ValueSource(strings = {"classes", "rule"})
  void shouldRefuseNullInTheMetadataOfASelfTest(String key, @TempDir Path folder) throws Exception {
    Safetensors kept = Safetensors.read(BUNDLES.resolve("tiny-top2/1/selftest.safetensors"));
    Path file = folder.resolve("selftest.safetensors");

    for (String text : key.equals("rule") ? List.of("null") : List.of("null", "[\"a\", null]")) {
      Map<String, String> metadata = new HashMap<>(kept.metadata());
      metadata.put(key, text);
      new Safetensors(metadata, kept.tensors()).write(file);

      assertThatThrownBy(() -> SelfTest.read(file))
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith(file + ": metadata " + key + ": ")
          .hasMessageContaining("must not be null");
    }
  }
}
