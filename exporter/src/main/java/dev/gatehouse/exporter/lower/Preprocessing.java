package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Dim;
import dev.gatehouse.exporter.graph.Element;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.IndexOps;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.InputSpec;
import java.util.Arrays;
import java.util.List;

/**
 * The input of a graph, and what makes it the network's. A normalisation x = (raw / scale - mean) /
 * std is one factor and one offset a channel, which the network's first layer takes into its
 * weights where it can.
 *
 * <p>Columns are spread to the width that the network sees by one Gather; a number takes its mean
 * away before it is scaled, so that a mean far from 0 costs no precision, and a category's element
 * is 1 where the raw value equals its index. Columns that are all numbers have no elements to be
 * hit, and their factors are left to the first layer; their means too where all lie near 0.
 */
final class Preprocessing {
  private static final String SOURCE = "input";

  /**
   * Standard deviations from 0 within which a number's mean may be left to the first layer. Sums
   * over numbers that were not centred first lose as many bits as this has: 4 of 24.
   */
  private static final double NEAR = 16;

  private Preprocessing() {}

  /**
   * Declares the raw input, {@code [N, shape of a row]}, and gives the network's rows.
   *
   * @param datatype element type of the raw input
   */
  static Deferred input(Graph graph, InputSpec input, InputSpec.Datatype datatype) {
    Value raw = raw(graph, input, datatype);
    if (input.normalisation() instanceof InputSpec.Columns table) {
      return table.columns().stream().allMatch(Column.Numeric.class::isInstance)
          ? numbers(graph, raw, table.columns())
          : Deferred.of(expanded(graph, raw, table.expansion()));
    }
    return new Deferred(
        raw, ChannelScale.of((InputSpec.Normalisation) input.normalisation()), SOURCE);
  }

  private static Value raw(Graph graph, InputSpec input, InputSpec.Datatype datatype) {
    List<Dim> dims = Dim.rows(Dim.BATCH, input.shape().dims());
    if (datatype == InputSpec.Datatype.FP32) {
      return graph.input(input.name(), Element.FLOAT, dims);
    }
    Value bytes = graph.input(input.name(), Element.UINT8, dims);
    return new ArithmeticOps(graph).cast("input/float", bytes, Element.FLOAT);
  }

  private static Deferred numbers(Graph graph, Value raw, List<Column> columns) {
    int width = columns.size();
    double[] mean = new double[width];
    double[] factor = new double[width];
    double[] offset = new double[width];
    boolean near = true;
    for (int c = 0; c < width; c++) {
      Column.Numeric number = (Column.Numeric) columns.get(c);
      mean[c] = number.mean();
      factor[c] = 1 / number.std();
      offset[c] = -number.mean() / number.std();
      near &= Math.abs(offset[c]) <= NEAR;
    }
    if (near) {
      return new Deferred(raw, new ChannelScale(factor, offset), SOURCE);
    }
    Value means = graph.constant("input/mean", List.of(width), FloatWeights.nearest(mean));
    return new Deferred(
        new ArithmeticOps(graph).subtract("input/centred", raw, means),
        new ChannelScale(factor, new double[width]),
        SOURCE);
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
