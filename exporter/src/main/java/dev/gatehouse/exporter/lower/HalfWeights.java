package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Element;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Float16, half the bytes: each weight the nearest to its value. Weights of which one is too large
 * for that, 65520 or more, stay float32.
 */
record HalfWeights() implements WeightForm {
  @Override
  public Value write(Graph graph, String name, List<Integer> shape, double[] weights) {
    if (!fit(weights)) {
      return graph.constant(name, shape, FloatWeights.nearest(weights));
    }
    ByteBuffer data = ByteBuffer.allocate(2 * weights.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double weight : weights) {
      data.putShort(Half.of(weight));
    }
    Value stored = graph.constant(name, Element.FLOAT16, shape, data.flip());
    return new ArithmeticOps(graph).cast(name + "/float", stored, Element.FLOAT);
  }

  @Override
  public float[] rounded(int outputs, double[] weights) {
    if (!fit(weights)) {
      return FloatWeights.nearest(weights);
    }
    float[] rounded = new float[weights.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = Half.value(Half.of(weights[i]));
    }
    return rounded;
  }

  @Override
  public boolean takesIn(ChannelScale before) {
    return before.isEven();
  }

  private static boolean fit(double[] weights) {
    for (double weight : weights) {
      if (Math.abs(weight) >= Half.TOO_LARGE) {
        return false;
      }
    }
    return true;
  }
}
