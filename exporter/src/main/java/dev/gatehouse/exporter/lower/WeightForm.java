package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.bundle.Precision;
import java.util.List;

/**
 * How the weights of convolutions and linear layers are stored in a graph. Layers that have such
 * weights compute with float32: constants are cast, and ONNX Runtime does that once, when it loads
 * the graph. Biases and the gate's head are float32 in every form.
 */
sealed interface WeightForm permits FloatWeights, HalfWeights, ByteWeights, SpelledWeights {
  /** The form that is called {@code weights}. */
  static WeightForm of(Precision.Weights weights) {
    return switch (weights) {
      case FLOAT32 -> new FloatWeights();
      case FLOAT16 -> new HalfWeights();
      case INT8 -> new ByteWeights();
    };
  }

  /**
   * Writes weights.
   *
   * @param shape {@code [out, ...]}
   * @param weights row-major
   * @return FLOAT of that shape
   */
  Value write(Graph graph, String name, List<Integer> shape, double[] weights);

  /**
   * The numbers that a graph computes with.
   *
   * @param outputs first size of the shape
   * @param weights {@code [outputs, ...]}, row-major
   */
  float[] rounded(int outputs, double[] weights);

  /** Whether weights lose nothing to speak of when their inputs' factors become part of them. */
  boolean takesIn(ChannelScale before);
}
