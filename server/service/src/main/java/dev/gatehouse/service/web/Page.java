package dev.gatehouse.service.web;

import dev.gatehouse.proto.file.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One answer.
 *
 * @param status HTTP status
 * @param contentType value of the header Content-Type
 * @param body the body; not to be written to
 */
public record Page(int status, String contentType, byte[] body) {
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String JSON = "application/json";

  /** A line of plain text. */
  public static Page plain(int status, String line) {
    return of(status, PLAIN, line + "\n");
  }

  /** Metrics in Prometheus' text format 0.0.4. */
  public static Page metrics(String exposition) {
    return of(200, PROMETHEUS, exposition);
  }

  /** A value as JSON. */
  public static Page json(Object value) {
    return of(200, JSON, Json.line(value));
  }

  /** Why there is no answer, as the JSON object {@code {"error": "..."}}. */
  public static Page error(int status, String line) {
    return of(status, JSON, Json.line(Map.of("error", line)));
  }

  private static Page of(int status, String contentType, String text) {
    return new Page(status, contentType, text.getBytes(StandardCharsets.UTF_8));
  }
}
