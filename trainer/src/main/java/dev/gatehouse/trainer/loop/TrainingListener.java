package dev.gatehouse.trainer.loop;

import dev.gatehouse.proto.run.EpochMetrics;

/** Told how a run goes, on the thread that trains. */
public interface TrainingListener {
  /** The first step of a phase is about to be taken. */
  default void started(int epochs, int stepsPerEpoch) {}

  /** A step was taken; {@code step} from 1. */
  default void stepped(int epoch, int step, double loss) {}

  /** An epoch ended, and its weights are written. */
  default void epochEnded(EpochMetrics metrics) {}

  /** Something that people should know; the training goes on. */
  default void warned(String message) {}
}
