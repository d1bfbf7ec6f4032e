package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Element;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Int8, a quarter of the bytes: weight = q scale, one scale an output, its largest weight being
 * +-127. Symmetric, so that 0 stays 0.
 */
record ByteWeights() implements WeightForm {
  private static final int LARGEST = 127;

  @Override
  public Value write(Graph graph, String name, List<Integer> shape, double[] weights) {
    OutputScales scales = scales(shape.get(0), weights);
    List<Integer> perOutput = new ArrayList<>(List.of(shape.get(0)));
    perOutput.addAll(Collections.nCopies(shape.size() - 1, 1));
    ArithmeticOps arithmetic = new ArithmeticOps(graph);
    Value stored =
        graph.constant(name, Element.INT8, shape, ByteBuffer.wrap(scales.bytes(weights)));
    return arithmetic.multiply(
        name + "/scaled",
        arithmetic.cast(name + "/float", stored, Element.FLOAT),
        graph.constant(name + "/scale", perOutput, scales.scales()));
  }

  @Override
  public float[] rounded(int outputs, double[] weights) {
    OutputScales scales = scales(outputs, weights);
    int[] steps = scales.steps(weights);
    float[] rounded = new float[weights.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = steps[i] * scales.scales()[i / (weights.length / outputs)];
    }
    return rounded;
  }

  @Override
  public boolean takesIn(ChannelScale before) {
    return before.isEven();
  }

  private static OutputScales scales(int outputs, double[] weights) {
    return OutputScales.of(outputs, weights, LARGEST);
  }
}
