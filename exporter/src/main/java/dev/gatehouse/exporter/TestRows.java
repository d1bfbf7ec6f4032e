package dev.gatehouse.exporter;

import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.run.RunFolder;

/** The test rows of a run's data set, or why there are none. */
public sealed interface TestRows {
  /**
   * The rows.
   *
   * @param rows U8 or F32 {@code [N, shape of a row]}, raw values
   * @param labels {@code [N]} true classes
   */
  record AtHand(Tensor rows, int[] labels) implements TestRows {}

  /**
   * No rows.
   *
   * @param reason why, in one line
   */
  record Missing(String reason) implements TestRows {}

  /** Knows where data sets are; the exporter does not. */
  @FunctionalInterface
  interface Source {
    /** The test rows of the data that {@code run} was trained on. */
    TestRows of(RunFolder run);
  }
}
