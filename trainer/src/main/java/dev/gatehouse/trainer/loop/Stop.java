package dev.gatehouse.trainer.loop;

/** Asked after each step whether the training is to end here; what it has is saved first. */
@FunctionalInterface
public interface Stop {
  /** Trains to the end. */
  Stop NEVER = () -> false;

  /** True to stop. */
  boolean requested();
}
