package dev.gatehouse.trainer.cli;

import dev.gatehouse.trainer.config.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Settings that flags are put over; a flag that was not given leaves them as they are.
 *
 * @param settings so far
 */
record Given(Settings settings) {
  Given put(String path, @Nullable Object value) {
    return value == null ? this : new Given(settings.with(path, value));
  }
}
