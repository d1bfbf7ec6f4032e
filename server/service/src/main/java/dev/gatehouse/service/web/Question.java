package dev.gatehouse.service.web;

import dev.gatehouse.proto.BadInput;
import java.util.Map;

/**
 * What a caller asks of an address.
 *
 * @param query the parameters behind {@code ?}; of several with one name the first
 * @param contentType value of the header Content-Type without its parameters, in lower case; empty
 *     where there is none
 * @param body the body, as many bytes as there were; not to be written to
 */
public record Question(Map<String, String> query, String contentType, byte[] body) {
  /** Copies the map. */
  public Question {
    query = Map.copyOf(query);
  }

  /**
   * The parameter {@code name} as a whole number.
   *
   * @param otherwise what it is where it is missing
   * @throws BadInput when it is there and no whole number
   */
  public int number(String name, int otherwise) {
    String text = query.getOrDefault(name, "");
    try {
      return text.isEmpty() ? otherwise : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new BadInput(name + " must be a whole number; " + name + "=" + text, e);
    }
  }
}
