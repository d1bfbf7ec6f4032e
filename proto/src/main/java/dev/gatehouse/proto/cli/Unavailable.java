package dev.gatehouse.proto.cli;

/**
 * A server that cannot be reached or does not give what it should, or a port that is taken; one
 * line, shown without a stack trace.
 */
public final class Unavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Described by {@code message}, one line. */
  public Unavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
