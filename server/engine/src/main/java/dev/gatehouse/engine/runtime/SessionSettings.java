package dev.gatehouse.engine.runtime;

import java.util.Locale;

/**
 * How ONNX Runtime loads a graph.
 *
 * @param level how far it rewrites the graph
 * @param arena whether the session keeps the memory that its runs work in. Without, the allocator
 *     gives much of it back to the system after each run of a graph that needs many megabytes, and
 *     gets it anew for the next, which can take a fourth of the run
 */
public record SessionSettings(Optimisation level, boolean arena) {
  /** At a level, without an arena. */
  public static SessionSettings of(Optimisation level) {
    return new SessionSettings(level, false);
  }

  /** In short: {@code all, arena}. */
  @Override
  public String toString() {
    return level.toString().toLowerCase(Locale.ROOT) + (arena ? ", arena" : "");
  }
}
