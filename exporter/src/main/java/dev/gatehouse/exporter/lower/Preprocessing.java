package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Dim;
import dev.gatehouse.exporter.graph.Element;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.network.InputSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The input of a graph, and its normalisation x = (raw / scale - mean) / std as one product and one
 * sum a channel. It is not folded into the first convolution: that one pads with zeros of the
 * normalised image, not of the raw one.
 */
final class Preprocessing {
  private Preprocessing() {}

  /** Declares the raw input, {@code [N, shape of a row]}, and gives the normalised rows. */
  static Value input(Graph graph, InputSpec input) {
    Value raw = graph.input(input.name(), Element.FLOAT, Dim.rows(Dim.BATCH, input.shape().dims()));
    InputSpec.Normalisation normalisation = input.normalisation();
    int channels = normalisation.mean().size();
    float[] factor = new float[channels];
    float[] offset = new float[channels];
    for (int c = 0; c < channels; c++) {
      double std = normalisation.std().get(c);
      factor[c] = (float) (1 / (normalisation.scale() * std));
      offset[c] = (float) (-normalisation.mean().get(c) / std);
    }
    List<Integer> perChannel = new ArrayList<>(List.of(channels));
    perChannel.addAll(Collections.nCopies(input.shape().dims().size() - 1, 1));
    ArithmeticOps arithmetic = new ArithmeticOps(graph);
    Value scaled =
        arithmetic.multiply(
            "input/scaled", raw, graph.constant("input/factor", perChannel, factor));
    return arithmetic.add(
        "input/normalised", scaled, graph.constant("input/offset", perChannel, offset));
  }
}
