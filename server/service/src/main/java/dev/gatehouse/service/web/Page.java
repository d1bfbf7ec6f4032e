package dev.gatehouse.service.web;

/**
 * One answer.
 *
 * @param status HTTP status
 * @param contentType value of the header Content-Type
 * @param text the body
 */
public record Page(int status, String contentType, String text) {
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  /** A line of plain text. */
  public static Page plain(int status, String line) {
    return new Page(status, PLAIN, line + "\n");
  }

  /** Metrics in Prometheus' text format 0.0.4. */
  public static Page metrics(String exposition) {
    return new Page(200, PROMETHEUS, exposition);
  }
}
