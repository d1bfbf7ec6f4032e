package dev.gatehouse.proto;

/**
 * A mistake in what the user or caller gave us: a file, a flag, a request. The message is one line
 * that says what was wrong, where, and what would be right; it is shown without a stack trace.
 */
public class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A mistake described by {@code message}, one line. */
  public BadInput(String message) {
    super(message);
  }

  /** A mistake described by {@code message}, one line; {@code cause} is kept for debugging. */
  public BadInput(String message, Throwable cause) {
    super(message, cause);
  }
}
