package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.BadInput;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Settings that have a name.
 *
 * @param name as flags and files take it
 * @param about one line for people
 * @param settings values by dotted path
 */
public record Preset(String name, String about, Map<String, Object> settings) {
  /** Copies the map. */
  public Preset {
    settings = Map.copyOf(settings);
  }

  /** As a layer of a configuration. */
  Settings layer() {
    Settings layer = Settings.none();
    for (Map.Entry<String, Object> entry : settings.entrySet()) {
      layer = layer.with(entry.getKey(), entry.getValue());
    }
    return layer;
  }

  /**
   * The preset called {@code name}.
   *
   * @param what names the kind in the message of a failure
   * @throws BadInput when there is none
   */
  static Preset named(String what, List<Preset> all, String name) {
    return all.stream()
        .filter(preset -> preset.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInput(
                    what
                        + " must be one of "
                        + all.stream().map(Preset::name).collect(Collectors.joining(", "))
                        + "; "
                        + what
                        + "="
                        + name));
  }
}
