package dev.gatehouse.cli.doctor;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param name what
 * @param state how it is
 * @param found what was found, a few words
 * @param remedy what to do about it; null where nothing is to be done
 */
public record Check(String name, State state, String found, @Nullable String remedy) {
  /** How a thing is. */
  public enum State {
    /** As it should be. */
    OK,
    /** Something that not every command needs is missing. */
    LIMITED,
    /** Commands will fail. */
    FAILED
  }

  static Check ok(String name, String found) {
    return new Check(name, State.OK, found, null);
  }

  static Check limited(String name, String found, String remedy) {
    return new Check(name, State.LIMITED, found, remedy);
  }

  static Check failed(String name, String found, String remedy) {
    return new Check(name, State.FAILED, found, remedy);
  }
}
