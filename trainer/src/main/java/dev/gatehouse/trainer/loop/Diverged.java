package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.BadInput;

/** A training whose loss grows without end or stops being a number: its settings are at fault. */
public final class Diverged extends BadInput {
  private static final long serialVersionUID = 1L;

  Diverged(String message) {
    super(message);
  }
}
