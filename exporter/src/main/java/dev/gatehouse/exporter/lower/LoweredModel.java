package dev.gatehouse.exporter.lower;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The graphs of one model, each the bytes of an {@code .onnx} file. Every graph takes the raw
 * values of rows, {@code [N, shape of a row]} FLOAT, under the input's name.
 *
 * @param portable the whole model under {@link dev.gatehouse.proto.network.RoutingRule#inOneGraph};
 *     outputs {@code probabilities} [N, C], {@code class} [N] INT64, {@code gate_probabilities} [N,
 *     M], {@code expert_indices} [N, k] INT64, {@code expert_weights} [N, k]
 * @param gate output {@code gate_probabilities} [N, M]; null where the model is served dense
 * @param experts output {@code probabilities} [N, C], one an expert; empty where the model is
 *     served dense
 */
public record LoweredModel(byte[] portable, byte @Nullable [] gate, List<byte[]> experts) {
  /** Copies the list. */
  public LoweredModel {
    experts = List.copyOf(experts);
  }
}
