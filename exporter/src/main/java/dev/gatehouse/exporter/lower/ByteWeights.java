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
    float[] scales = scales(shape.get(0), weights);
    List<Integer> perOutput = new ArrayList<>(List.of(shape.get(0)));
    perOutput.addAll(Collections.nCopies(shape.size() - 1, 1));
    ArithmeticOps arithmetic = new ArithmeticOps(graph);
    Value stored =
        graph.constant(name, Element.INT8, shape, ByteBuffer.wrap(steps(scales, weights)));
    return arithmetic.multiply(
        name + "/scaled",
        arithmetic.cast(name + "/float", stored, Element.FLOAT),
        graph.constant(name + "/scale", perOutput, scales));
  }

  @Override
  public float[] rounded(int outputs, double[] weights) {
    float[] scales = scales(outputs, weights);
    byte[] steps = steps(scales, weights);
    float[] rounded = new float[weights.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = steps[i] * scales[i / (weights.length / outputs)];
    }
    return rounded;
  }

  @Override
  public boolean takesIn(ChannelScale before) {
    return before.isEven();
  }

  private static float[] scales(int outputs, double[] weights) {
    float[] scales = new float[outputs];
    int perOutput = weights.length / outputs;
    for (int o = 0; o < outputs; o++) {
      double largest = 0;
      for (int i = o * perOutput; i < (o + 1) * perOutput; i++) {
        largest = Math.max(largest, Math.abs(weights[i]));
      }
      scales[o] = (float) (largest / LARGEST);
    }
    return scales;
  }

  private static byte[] steps(float[] scales, double[] weights) {
    byte[] steps = new byte[weights.length];
    int perOutput = weights.length / scales.length;
    for (int i = 0; i < steps.length; i++) {
      double scale = scales[i / perOutput];
      // The scale was rounded too, so that the largest weight may lie a little beyond 127.
      double step = scale == 0 ? 0 : Math.rint(weights[i] / scale);
      steps[i] = (byte) Math.max(-LARGEST, Math.min(LARGEST, step));
    }
    return steps;
  }
}
