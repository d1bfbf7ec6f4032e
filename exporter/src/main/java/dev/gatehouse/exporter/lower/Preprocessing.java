package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Dim;
import dev.gatehouse.exporter.graph.Element;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.IndexOps;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.network.InputSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The input of a graph, and what makes it the network's. A normalisation x = (raw / scale - mean) /
 * std is one product and one sum a channel. It is not folded into the first convolution: that one
 * pads with zeros of the normalised image, not of the raw one.
 *
 * <p>Columns are spread to the width that the network sees by one Gather; a number takes its mean
 * away before it is scaled, so that a mean far from 0 costs no precision, and a category's element
 * is 1 where the raw value equals its index.
 */
final class Preprocessing {
  private Preprocessing() {}

  /** Declares the raw input, {@code [N, shape of a row]}, and gives the network's rows. */
  static Value input(Graph graph, InputSpec input) {
    Value raw = graph.input(input.name(), Element.FLOAT, Dim.rows(Dim.BATCH, input.shape().dims()));
    if (input.normalisation() instanceof InputSpec.Columns columns) {
      return expanded(graph, raw, columns.expansion());
    }
    return normalised(graph, raw, (InputSpec.Normalisation) input.normalisation());
  }

  private static Value normalised(Graph graph, Value raw, InputSpec.Normalisation normalisation) {
    int channels = normalisation.mean().size();
    float[] factor = new float[channels];
    float[] offset = new float[channels];
    for (int c = 0; c < channels; c++) {
      double std = normalisation.std().get(c);
      factor[c] = (float) (1 / (normalisation.scale() * std));
      offset[c] = (float) (-normalisation.mean().get(c) / std);
    }
    List<Integer> perChannel = new ArrayList<>(List.of(channels));
    perChannel.addAll(Collections.nCopies(raw.rank() - 2, 1));
    ArithmeticOps arithmetic = new ArithmeticOps(graph);
    Value scaled =
        arithmetic.multiply(
            "input/scaled", raw, graph.constant("input/factor", perChannel, factor));
    return arithmetic.add(
        "input/normalised", scaled, graph.constant("input/offset", perChannel, offset));
  }

  private static Value expanded(Graph graph, Value raw, InputSpec.Expansion by) {
    int width = by.source().length;
    ArithmeticOps arithmetic = new ArithmeticOps(graph);
    // Every column has an element, so as many elements as columns are the columns themselves.
    Value spread = width == raw.size(1) ? raw : spread(graph, raw, by.source());
    Value centred =
        arithmetic.subtract(
            "input/centred", spread, graph.constant("input/mean", List.of(width), by.mean()));
    Value scaled =
        arithmetic.multiply(
            "input/scaled", centred, graph.constant("input/factor", List.of(width), by.factor()));
    Value hits =
        arithmetic.equal(
            "input/hits", spread, graph.constant("input/hit", List.of(width), by.hit()));
    return arithmetic.add("input/expanded", scaled, hits);
  }

  private static Value spread(Graph graph, Value raw, int[] source) {
    long[] columns = Arrays.stream(source).asLongStream().toArray();
    return new IndexOps(graph).gatherColumns("input/spread", raw, graph.constant(columns));
  }
}
