package dev.gatehouse.bench.scale;

import dev.gatehouse.engine.tensor.RowSource;

/** Something that answers single rows of many callers later. */
@FunctionalInterface
interface Answering {
  /** Hears once how a row ended, on any thread. */
  interface Ended {
    /** The answer: {@code [classes]}. */
    void answered(float[] probabilities);

    /** There is none. */
    void failed(Throwable reason);
  }

  /** Takes a row. */
  void submit(RowSource row, Ended ended);
}
