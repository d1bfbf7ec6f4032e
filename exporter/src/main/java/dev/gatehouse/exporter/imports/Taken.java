package dev.gatehouse.exporter.imports;

import org.jspecify.annotations.Nullable;

/**
 * Which output of a file is taken, and what it is, as far as somebody says so.
 *
 * @param name the output's name; null to look for it
 * @param kind what it is; null to find out
 */
public record Taken(@Nullable String name, @Nullable Kind kind) {
  /** Both are found out. */
  public static final Taken UNSAID = new Taken(null, null);
}
