package dev.gatehouse.proto.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Json;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A Java record of the user's own, by its name and the values of its components, from which it can
 * be made again wherever its class is on the class path.
 *
 * @param type binary name of the class
 * @param settings values of the components, by their names in snake case; may be missing, for a
 *     record without components
 */
public record OwnClass(
    String type, @JsonProperty(isRequired = OptBoolean.FALSE) Map<String, Object> settings) {
  /** Copies the settings. */
  public OwnClass {
    settings =
        Collections.unmodifiableMap(
            new TreeMap<>(Objects.requireNonNullElse(settings, Map.<String, Object>of())));
  }

  /**
   * Describes {@code own}.
   *
   * @throws BadInput when it is no record, or what is written of it does not make an equal one
   */
  @SuppressWarnings("unchecked")
  public static OwnClass of(Object own) {
    String type = own.getClass().getName();
    if (!own.getClass().isRecord()) {
      throw new BadInput(
          type + ": must be a record, so that a run can be opened again from what it says of it");
    }
    OwnClass described =
        new OwnClass(type, Json.parse(Json.line(own), Map.class, "components of " + type));
    if (!described.instance(own.getClass()).equals(own)) {
      throw new BadInput(
          type
              + ": its components must be numbers, text, lists or records of these, which are equal"
              + " again after they were written; components="
              + described.settings());
    }
    return described;
  }

  /**
   * Makes the record again.
   *
   * @param as what it must be
   * @throws BadInput when the class is not on the class path, is no record, is none of {@code as},
   *     or has other components by now
   */
  public <T> T instance(Class<T> as) {
    Class<?> found = found();
    if (!found.isRecord() || !as.isAssignableFrom(found)) {
      throw new BadInput(type + ": must be a record that implements " + as.getName());
    }
    return as.cast(Json.bind(Json.tree(settings), found, type));
  }

  /** The class, not yet initialised: nothing of it runs before it is known to be what it must. */
  private Class<?> found() {
    try {
      return Class.forName(type, false, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException e) {
      throw new BadInput(
          type
              + ": no such class on the class path; name the jar or folder that has it in"
              + " GATEHOUSE_CLASSPATH",
          e);
    }
  }
}
