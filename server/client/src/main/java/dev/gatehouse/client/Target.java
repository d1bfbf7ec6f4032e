package dev.gatehouse.client;

import dev.gatehouse.proto.BadInput;

/**
 * Where a server is.
 *
 * @param host name or address, without brackets
 * @param port 1 to 65535
 */
public record Target(String host, int port) {
  private static final String FORM = "a target is HOST:PORT, such as 127.0.0.1:9090; target=";

  /** Checks the parts. */
  public Target {
    if (host.isEmpty() || port < 1 || port > 0xffff) {
      throw new BadInput(FORM + host + ":" + port);
    }
  }

  /**
   * Reads {@code HOST:PORT}; an IPv6 address stands in brackets.
   *
   * @throws BadInput when it is of another form
   */
  public static Target parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      String host = text.substring(0, Math.max(0, colon));
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      return new Target(
          bracketed ? host.substring(1, host.length() - 1) : host,
          Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new BadInput(FORM + text, e);
    }
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
