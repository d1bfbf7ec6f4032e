package dev.gatehouse.engine.pipeline;

/** A queue is full: the caller may try again later. */
public final class Overloaded extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A refusal that says what is full. */
  public Overloaded(String message) {
    super(message, null, false, false);
  }
}
