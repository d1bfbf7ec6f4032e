package dev.gatehouse.exporter;

import dev.gatehouse.exporter.lower.GraphForm;
import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.network.InputSpec.Datatype;

/**
 * What may be chosen of an export.
 *
 * @param weights how the graphs store their weights
 * @param input element type of the portable graph's input
 * @param test gives the rows that rounded weights are measured on
 */
public record ExportOptions(Precision.Weights weights, Datatype input, TestRows.Source test) {
  /** Float32 weights, and an input of floats. */
  public static ExportOptions defaults() {
    return new ExportOptions(
        Precision.Weights.FLOAT32,
        Datatype.FP32,
        run -> new TestRows.Missing("nobody was asked for the data"));
  }

  /** These options with other weights. */
  public ExportOptions with(Precision.Weights other) {
    return new ExportOptions(other, input, test);
  }

  /** These options with another input. */
  public ExportOptions with(Datatype other) {
    return new ExportOptions(weights, other, test);
  }

  /** These options with other rows to measure on. */
  public ExportOptions with(TestRows.Source other) {
    return new ExportOptions(weights, input, other);
  }

  GraphForm form() {
    return new GraphForm(weights, input);
  }
}
