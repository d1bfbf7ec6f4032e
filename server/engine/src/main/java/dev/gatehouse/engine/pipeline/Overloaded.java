package dev.gatehouse.engine.pipeline;

/** A model's queue is full: the caller may try again later. */
public final class Overloaded extends RuntimeException {
  private static final long serialVersionUID = 1;

  Overloaded(String message) {
    super(message, null, false, false);
  }
}
