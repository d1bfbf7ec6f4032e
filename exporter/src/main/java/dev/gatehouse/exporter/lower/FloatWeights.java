package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.Value;
import java.util.List;

/** Float32: each weight the nearest to its value. */
record FloatWeights() implements WeightForm {
  /** The float32 nearest to each value. */
  static float[] nearest(double[] values) {
    float[] nearest = new float[values.length];
    for (int i = 0; i < nearest.length; i++) {
      nearest[i] = (float) values[i];
    }
    return nearest;
  }

  @Override
  public Value write(Graph graph, String name, List<Integer> shape, double[] weights) {
    return graph.constant(name, shape, nearest(weights));
  }

  @Override
  public float[] rounded(int outputs, double[] weights) {
    return nearest(weights);
  }

  @Override
  public boolean takesIn(ChannelScale before) {
    return true;
  }
}
