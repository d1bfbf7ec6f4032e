package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.network.OwnClass;
import org.jspecify.annotations.Nullable;

/**
 * Java classes of the user's own in place of networks and gates that Gatehouse knows.
 *
 * @param expert of every expert; null for the network of the configuration
 * @param gate of the gate; null for the configuration's kind
 */
public record OwnClasses(@Nullable OwnClass expert, @Nullable OwnClass gate) {
  /** No such class. */
  public static final OwnClasses NONE = new OwnClasses(null, null);

  /**
   * Describes records of such classes.
   *
   * @throws dev.gatehouse.proto.BadInput as {@link OwnClass#of}
   */
  public static OwnClasses of(@Nullable Object expert, @Nullable Object gate) {
    return new OwnClasses(
        expert == null ? null : OwnClass.of(expert), gate == null ? null : OwnClass.of(gate));
  }
}
