package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Configurations in YAML. */
public final class ConfigFile {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .build();

  private ConfigFile() {}

  /**
   * Reads settings from a file.
   *
   * @throws BadInput when the file is missing or holds no mapping of keys to values
   */
  public static Settings read(Path file) {
    return Settings.of(tree(file));
  }

  /**
   * Reads a mapping from a YAML file.
   *
   * @throws BadInput when the file is missing or holds no mapping of keys to values
   */
  public static ObjectNode tree(Path file) {
    try {
      JsonNode tree = YAML.readTree(Files.readString(file));
      if (tree instanceof ObjectNode mapping) {
        return mapping;
      }
      throw new BadInput(file + ": a configuration is a mapping of keys to values");
    } catch (NoSuchFileException e) {
      throw new BadInput(file + ": no such file", e);
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read: " + e.getMessage(), e);
    } catch (JacksonException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("no YAML");
      throw new BadInput(file + ": line " + e.getLocation().getLineNr() + ": " + reason, e);
    }
  }

  /** A resolved configuration as text, every key spelled out. */
  public static String text(Object configuration) {
    return YAML.writeValueAsString(Json.tree(configuration));
  }
}
