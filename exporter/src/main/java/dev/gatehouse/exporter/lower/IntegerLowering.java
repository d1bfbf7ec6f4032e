package dev.gatehouse.exporter.lower;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Shape;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Writes those layers of a network that compute in integers, or shows what would flow into them; in
 * a graph of floats there are none.
 *
 * @param parameters the network's parameters, and the graph where the nodes go
 * @param layers which they are
 * @param scope starts the names of the nodes
 */
record IntegerLowering(Parameters parameters, IntegerLayers layers, String scope) {
  /**
   * Of a network.
   *
   * @param input shape of its rows
   * @param head outputs of its head; empty where that is not to be rounded
   */
  static IntegerLowering of(
      Parameters parameters, Network network, Shape input, OptionalInt head, String scope) {
    return new IntegerLowering(parameters, IntegerLayers.of(network, input, head), scope);
  }

  /** Whether layer {@code i} of the trunk is one of them. */
  boolean has(int i) {
    return !isFloats() && layers.has(i);
  }

  /** Whether the head is. */
  boolean hasHead() {
    return !isFloats() && layers.hasHead();
  }

  private boolean isFloats() {
    return parameters.activations() instanceof Activations.Floats;
  }

  /** How they are written; null where what flows into them is shown. */
  @Nullable IntegerArithmetic arithmetic() {
    return parameters.activations() instanceof Activations.Rounded rounded
        ? rounded.arithmetic()
        : null;
  }

  /**
   * Layer {@code i} of the trunk.
   *
   * @param x levels, or numbers that are as they should be
   * @param affine its weights and bias
   */
  Deferred layer(int i, Deferred x, Affine affine) {
    String layer = NetworkLowering.at(i);
    if (!(layers.network().trunk().get(i) instanceof Layer.Conv2d conv)) {
      return Deferred.of(linear(layer, scope + "/linear" + i, x, affine));
    }
    String node = scope + "/conv" + i;
    Deferred in = levels(layer, node, x);
    Levels levels = requireNonNull(in.levels());
    Levels out = into(NetworkLowering.at(layers.readerOf(i)));
    IntegerWeights weights =
        IntegerWeights.ofConvolution(name(layer), shape(layer), affine, levels);
    if (weights.isSummedByFloats()) {
      return Deferred.of(
          written().sums(graph(), node, in.value(), levels, weights, conv.padding()),
          new Deferred.Sums(node, weights.stepsInSums(levels, out), out));
    }
    return Deferred.of(
        written().conv(graph(), node, in.value(), levels, weights, conv.padding(), out), out);
  }

  /** {@code x} with what is to become levels made so: what is no pool or ReLU reads it. */
  Deferred levelled(Deferred x) {
    Deferred.Sums sums = x.sums();
    return sums == null
        ? x
        : Deferred.of(written().levelsOfSums(graph(), x.value(), sums), sums.levels());
  }

  /** The head over its FLOAT input {@code x}. */
  Value head(Value x, Affine affine) {
    return linear(NetworkLowering.HEAD, scope + "/head", Deferred.of(x), affine);
  }

  /** What layer {@code i}, which computes with numbers, reads: not levels. */
  Deferred numbers(int i, Deferred before) {
    Deferred x = levelled(before);
    if (x.levels() != null) {
      return Deferred.of(written().numbers(graph(), scope + "/numbers" + i, x.value(), x.levels()));
    }
    if (!isFloats() && layers.readsNumbers(i)) {
      show(NetworkLowering.at(i), x.value());
    }
    return x;
  }

  /**
   * Makes the extremes of what flows into {@code layer} outputs of a graph that is to show them.
   */
  void show(String layer, Value into) {
    if (parameters.activations() instanceof Activations.Observed) {
      ArithmeticOps arithmetic = new ArithmeticOps(graph());
      String name = name(layer);
      graph()
          .output(
              ActivationRanges.least(name), arithmetic.leastOfRow("observed/least/" + name, into));
      graph()
          .output(
              ActivationRanges.largest(name),
              arithmetic.largestOfRow("observed/largest/" + name, into));
    }
  }

  private Value linear(String layer, String node, Deferred x, Affine affine) {
    Deferred in = levels(layer, node, x);
    IntegerWeights weights = IntegerWeights.of(name(layer), shape(layer), affine);
    return written().linear(graph(), node, in.value(), requireNonNull(in.levels()), weights);
  }

  /** What flows into {@code layer} as levels; it may be that already. */
  private Deferred levels(String layer, String node, Deferred x) {
    if (x.levels() != null) {
      return x;
    }
    Levels levels = into(layer);
    return Deferred.of(written().levels(graph(), node + "/levels", x.value(), levels), levels);
  }

  private List<Integer> shape(String layer) {
    return parameters.shape(layer + "weight");
  }

  private IntegerArithmetic written() {
    return requireNonNull(arithmetic());
  }

  private Levels into(String layer) {
    return ((Activations.Rounded) parameters.activations()).into(name(layer));
  }

  /** What names of constants, and of ranges, begin with. */
  private String name(String layer) {
    return parameters.prefix() + "." + layer;
  }

  private Graph graph() {
    return parameters.graph();
  }
}
