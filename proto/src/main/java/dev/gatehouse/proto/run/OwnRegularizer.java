package dev.gatehouse.proto.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.OwnClass;
import java.util.Map;

/**
 * A term of the loss that is a Java record of the user's own.
 *
 * @param type binary name of the class
 * @param settings values of the record's components, by their names in snake case; may be missing,
 *     for a record without components
 * @param weight what the term is multiplied by; 0 leaves it out
 */
public record OwnRegularizer(
    String type,
    @JsonProperty(isRequired = OptBoolean.FALSE) Map<String, Object> settings,
    Schedule weight) {
  /**
   * Copies the settings.
   *
   * @throws BadInput when the weight is below 0 or no number
   */
  public OwnRegularizer {
    settings = new OwnClass(type, settings).settings();
    Training.notNegative("weight of " + type, weight);
  }

  /**
   * Describes a record.
   *
   * @throws BadInput as {@link OwnClass#of}, and when the weight is below 0 or no number
   */
  public static OwnRegularizer of(Object term, Schedule weight) {
    OwnClass described = OwnClass.of(term);
    return new OwnRegularizer(described.type(), described.settings(), weight);
  }

  /** The class and the values of its components. */
  public OwnClass term() {
    return new OwnClass(type, settings);
  }
}
