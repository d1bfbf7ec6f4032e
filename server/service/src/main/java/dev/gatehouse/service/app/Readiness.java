package dev.gatehouse.service.app;

import java.util.Locale;

/** How far a server is; what {@code /health/ready} says. */
final class Readiness {
  private volatile State state = State.LOADING;

  /** From the start to the end. */
  enum State {
    LOADING,
    READY,
    DRAINING
  }

  void is(State next) {
    state = next;
  }

  boolean isReady() {
    return state == State.READY;
  }

  /** As probes read it: {@code ready}. */
  @Override
  public String toString() {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
