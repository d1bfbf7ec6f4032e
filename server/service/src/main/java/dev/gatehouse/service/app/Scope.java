package dev.gatehouse.service.app;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes what was opened, last first, unless it was handed on: for a start that may fail halfway.
 */
final class Scope implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /** Takes charge of {@code resource} and returns it. */
  <R extends AutoCloseable> R add(R resource) {
    opened.push(resource);
    return resource;
  }

  /** Hands everything on: nothing is closed any more. */
  void release() {
    opened.clear();
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        failure = new IllegalStateException("a part of the server does not close", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
