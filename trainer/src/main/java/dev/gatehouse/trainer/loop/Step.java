package dev.gatehouse.trainer.loop;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.model.Pass;

/**
 * One step of a training.
 *
 * @param indices [b] 64-bit rows of the training set; whoever made them frees what hangs on them
 * @param rows the same in Java
 * @param epoch from 1
 * @param number of the step in the whole training, from 0
 * @param steps number of all steps
 * @param training the configuration
 */
record Step(NDArray indices, long[] rows, int epoch, long number, long steps, Training training) {
  /** The value of {@code schedule} now. */
  double at(Schedule schedule) {
    return schedule.at(number, steps);
  }

  /** How the batch goes through a model. */
  Pass pass() {
    return Pass.training(at(training.temperature()), noiseSeed());
  }

  /**
   * A seed of this step's own, so that a training that goes on draws what it would have drawn
   * (finaliser of SplitMix64).
   */
  private long noiseSeed() {
    long z = training.seed() + (number + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
