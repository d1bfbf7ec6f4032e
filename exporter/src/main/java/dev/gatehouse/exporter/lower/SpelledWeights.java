package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.Value;
import java.util.List;

/**
 * The numbers of another form spelled out as float32: what graphs in that form are held against.
 *
 * @param form the other form
 */
record SpelledWeights(WeightForm form) implements WeightForm {
  @Override
  public Value write(Graph graph, String name, List<Integer> shape, double[] weights) {
    return graph.constant(name, shape, form.rounded(shape.get(0), weights));
  }

  @Override
  public float[] rounded(int outputs, double[] weights) {
    return form.rounded(outputs, weights);
  }

  @Override
  public boolean takesIn(ChannelScale before) {
    return form.takesIn(before);
  }
}
