package dev.gatehouse.exporter;

import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.run.RunFolder;

/** Rows of a run's data set, or why there are none. All are U8 or F32, raw values. */
public sealed interface DataRows {
  /**
   * The rows.
   *
   * @param training what the model was fitted to, {@code [N, shape of a row]}
   * @param test what it is measured on, {@code [N, shape of a row]}
   * @param labels true classes of {@code test}, {@code [N]}
   */
  record AtHand(Tensor training, Tensor test, int[] labels) implements DataRows {}

  /**
   * No rows.
   *
   * @param reason why, in one line
   */
  record Missing(String reason) implements DataRows {}

  /** Knows where data sets are; the exporter does not. */
  @FunctionalInterface
  interface Source {
    /** Rows of the data that {@code run} was trained on. */
    DataRows of(RunFolder run);
  }
}
