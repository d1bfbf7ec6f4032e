package dev.gatehouse.service.repository;

/** A request for a model or version that is not served here; one line. */
public final class UnknownModel extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Described by {@code message}, one line. */
  public UnknownModel(String message) {
    super(message);
  }
}
