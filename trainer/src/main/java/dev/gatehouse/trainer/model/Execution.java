package dev.gatehouse.trainer.model;

import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import java.util.List;

/**
 * How a model's networks are run on a batch. It decides how fast, never what they answer.
 *
 * @param experts order in memory of the experts' arrays
 * @param group experts in one operation; 1 asks them one after another
 * @param gate order in memory of the gate's arrays
 */
record Execution(Form experts, int group, Form gate) {
  /** Above this many multiply-adds a row the engine's own convolution outweighs the rest. */
  private static final long MOST_CONVOLVED = 500_000;

  /** What the largest array of a group may take, so that it stays in a cache of 32 MB. */
  private static final long MOST_BYTES = 16_000_000;

  /** The order of arrays in memory. */
  enum Form {
    /** The rows last: {@link NetworkStack}, for any number of networks at once. */
    ROWS_LAST,
    /** The rows first, the channels of a pixel side by side: one network at a time. */
    CHANNELS_LAST
  }

  /** What measured fastest for batches of {@code rows} rows. */
  static Execution of(ModelSpec spec, long rows) {
    Shape in = spec.input().networkShape();
    Network gate = spec.gate().network();
    Form gateForm = gate == null ? Form.CHANNELS_LAST : form(gate, in);
    if (!(spec.expert() instanceof Network network)) {
      return new Execution(Form.CHANNELS_LAST, 1, gateForm);
    }
    Form experts = form(network, in);
    return new Execution(
        experts, experts == Form.ROWS_LAST ? group(spec, network, rows) : 1, gateForm);
  }

  /** True when running each row's chosen experts alone is the same as running all, and faster. */
  static boolean runsChosen(ModelSpec spec, RoutingRule rule) {
    boolean rowByRow =
        spec.expert() instanceof Network network
            && network.trunk().stream().noneMatch(Layer.BatchNorm.class::isInstance);
    return rowByRow && spec.runsSparsely(rule) && 2 * rule.k() <= spec.experts();
  }

  private static Form form(Network network, Shape in) {
    return laterConvolutions(network, in) > MOST_CONVOLVED ? Form.CHANNELS_LAST : Form.ROWS_LAST;
  }

  /** Multiply-adds a row of the convolutions behind the first layer that has parameters. */
  private static long laterConvolutions(Network network, Shape in) {
    List<Shape> shapes = network.shapes(in);
    long sum = 0;
    for (int i = RowsLast.leading(network.trunk()) + 1; i < network.trunk().size(); i++) {
      Layer layer = network.trunk().get(i);
      sum += layer instanceof Layer.Conv2d ? layer.multiplyAdds(shapes.get(i)) : 0;
    }
    return sum;
  }

  private static int group(ModelSpec spec, Network network, long rows) {
    List<Shape> shapes = network.shapes(spec.input().networkShape());
    int own = RowsLast.leading(network.trunk());
    long largest =
        shapes.subList(own + 1, shapes.size()).stream().mapToLong(Shape::elements).max().orElse(1);
    long fit = Math.max(1, MOST_BYTES / (largest * rows * Float.BYTES));
    long groups = (spec.experts() + fit - 1) / fit;
    return Math.toIntExact((spec.experts() + groups - 1) / groups);
  }
}
