package dev.gatehouse.exporter.lower;

import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.network.InputSpec.Datatype;

/**
 * What may be chosen of a model's graphs.
 *
 * @param weights how weights are stored
 * @param input element type of the portable graph's input; that of the split graphs is FP32
 */
public record GraphForm(Precision.Weights weights, Datatype input) {
  /** Float32 throughout. */
  public static final GraphForm FLOATS = new GraphForm(Precision.Weights.FLOAT32, Datatype.FP32);
}
