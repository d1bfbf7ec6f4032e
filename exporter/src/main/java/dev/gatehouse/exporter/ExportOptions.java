package dev.gatehouse.exporter;

import dev.gatehouse.exporter.lower.GraphForm;
import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.network.InputSpec.Datatype;

/**
 * What may be chosen of an export.
 *
 * @param weights how the graphs store their weights
 * @param integers whether the larger layers compute in 8-bit integers; of int8 weights alone
 * @param input element type of the portable graph's input
 * @param data gives the rows that rounded weights are measured on
 */
public record ExportOptions(
    Precision.Weights weights, boolean integers, Datatype input, DataRows.Source data) {
  /** Checks that integers are multiplied with integers. */
  public ExportOptions {
    if (integers && weights != Precision.Weights.INT8) {
      throw new IllegalArgumentException("integers need int8 weights; weights=" + weights);
    }
  }

  /** Float32 weights, and an input of floats. */
  public static ExportOptions defaults() {
    return new ExportOptions(
        Precision.Weights.FLOAT32,
        false,
        Datatype.FP32,
        run -> new DataRows.Missing("nobody was asked for the data"));
  }

  /** These options with other weights, and float32 arithmetic. */
  public ExportOptions with(Precision.Weights other) {
    return new ExportOptions(other, false, input, data);
  }

  /** These options with int8 weights, and the larger layers in integers. */
  public ExportOptions inIntegers() {
    return new ExportOptions(Precision.Weights.INT8, true, input, data);
  }

  /** These options with another input. */
  public ExportOptions with(Datatype other) {
    return new ExportOptions(weights, integers, other, data);
  }

  /** These options with other rows to measure on. */
  public ExportOptions with(DataRows.Source other) {
    return new ExportOptions(weights, integers, input, other);
  }

  GraphForm form() {
    return new GraphForm(weights, input);
  }
}
