package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.NeuralOps;
import dev.gatehouse.exporter.graph.Value;
import java.util.List;

/**
 * Sums of integers by operators over float32, which are exact up to 2^24 whatever adds them and in
 * whatever order.
 *
 * @param graph where the nodes go
 */
record FloatSums(Graph graph) {
  /**
   * A convolution's sums, its bias among them.
   *
   * @param x whole numbers {@code [N, C, H, W]}: levels less their zero
   */
  Value conv(String name, Value x, Levels in, IntegerWeights weights, int padding) {
    int[] units = weights.unitsOfBias(in);
    float[] bias = new float[units.length];
    for (int o = 0; o < bias.length; o++) {
      bias[o] = units[o];
    }
    return new NeuralOps(graph)
        .conv(
            name,
            x,
            weight(weights),
            graph.constant(weights.name() + "bias", List.of(weights.outputs()), bias),
            padding);
  }

  /**
   * A linear layer's sums without bias.
   *
   * @param x whole numbers {@code [N, F]}
   */
  Value linear(String name, Value x, IntegerWeights weights) {
    return new NeuralOps(graph).linear(name, x, weight(weights));
  }

  private Value weight(IntegerWeights weights) {
    return graph.constant(weights.name() + "weight", weights.shape(), weights.floats());
  }
}
