package dev.gatehouse.exporter.lower;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.NeuralOps;
import dev.gatehouse.exporter.graph.ShapeOps;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.Network;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one network into a graph as it is served. A batch normalisation uses its running
 * statistics; right behind a convolution or linear layer it becomes part of that layer's weights,
 * and so it does before one, as the input's normalisation does, across pools and flattening. Only a
 * convolution that pads cannot take in what comes before it: it pads with zeros of the normalised
 * image, and those of the raw image are other numbers.
 *
 * @param parameters the network's parameters, and the graph where the nodes go
 * @param network the architecture
 * @param scope starts the names of the nodes
 * @param integers writes those of its layers that compute in integers
 */
record NetworkLowering(
    Parameters parameters, Network network, String scope, IntegerLowering integers) {
  /** Names of the head's parameters begin with it. */
  static final String HEAD = "head.";

  /** Whether the first layer of {@code network} that computes takes in what its rows still need. */
  static boolean takesIn(Network network) {
    for (Layer layer : network.trunk()) {
      if (!(layer instanceof Layer.MaxPool || layer instanceof Layer.Flatten)) {
        return takesIn(layer);
      }
    }
    return false;
  }

  private static boolean takesIn(Layer layer) {
    return layer instanceof Layer.Linear
        || (layer instanceof Layer.Conv2d conv && conv.padding() == 0);
  }

  /** The last hidden layer before its ReLU, {@code [N, h]}, of rows {@code x}. */
  Value trunk(Deferred x) {
    Deferred value = x;
    for (int i = 0; i < network.trunk().size(); i++) {
      value = layer(i, value);
    }
    // A trunk ends in a linear layer, which leaves nothing to be done.
    return value.value();
  }

  /** What an attentive gate reads of the hidden layer {@code beforeRelu}, {@code [N, h]}. */
  Value tapped(Value beforeRelu, Value afterRelu) {
    return network.hidden() == Network.Tap.BEFORE_RELU ? beforeRelu : afterRelu;
  }

  /** The ReLU behind the last hidden layer. */
  Value relu(Value beforeRelu) {
    return neural().relu(scope + "/hidden_relu", beforeRelu);
  }

  /** The logits of the head. */
  Value head(Value afterRelu) {
    if (integers.hasHead()) {
      integers.show(HEAD, afterRelu);
      if (integers.arithmetic() != null) {
        return integers.head(afterRelu, Affine.of(parameters, HEAD, true));
      }
    }
    return head(afterRelu, parameters.weight(HEAD + "weight"));
  }

  /** The same with its weights as they are: the last that decides between experts. */
  Value exactHead(Value afterRelu) {
    return head(afterRelu, parameters.constant(HEAD + "weight"));
  }

  private Value head(Value afterRelu, Value weight) {
    return neural().linear(scope + "/head", afterRelu, weight, parameters.constant(HEAD + "bias"));
  }

  private Deferred layer(int i, Deferred x) {
    Layer layer = network.trunk().get(i);
    String at = scope + "/";
    if (layer instanceof Layer.Conv2d || layer instanceof Layer.Linear) {
      if (integers.has(i)) {
        Deferred levels = integers.levelled(x);
        Deferred in = levels.levels() != null ? levels : Deferred.of(settled(x));
        integers.show(at(i), in.value());
        return integers.arithmetic() != null
            ? integers.layer(i, in, affine(i, hasBias(layer), null))
            : weighted(i, layer, in);
      }
      boolean isReady = x.scale() == null || (takesIn(layer) && isTakenIn(x.scale()));
      Deferred in = isReady ? x : Deferred.of(settled(x));
      return weighted(i, layer, in);
    }
    if (layer instanceof Layer.BatchNorm) {
      return isFolded(i)
          ? x
          : integers.numbers(i, x).then(ChannelScale.of(parameters, at(i)), Integer.toString(i));
    }
    if (layer instanceof Layer.MaxPool pool) {
      if (x.tiles() != null) {
        Value pooled = x.tiles().pooled(neural(), at + "pool" + i, x.value());
        return Deferred.of(pooled, x.tiles().isMoved() ? x.tiles() : null);
      }
      Deferred in = x.scale() == null || x.scale().isRising() ? x : Deferred.of(settled(x));
      return in.with(neural().maxPool(at + "pool" + i, in.value(), pool.size()));
    }
    if (layer instanceof Layer.Relu) {
      // Levels of what a ReLU leaves begin at 0: whatever was less is 0 already.
      return x.levels() == null && x.sums() == null
          ? Deferred.of(neural().relu(at + "relu" + i, settled(x)), x.tiles())
          : x;
    }
    if (layer instanceof Layer.Flatten) {
      Deferred in = integers.levelled(x);
      Value flat = new ShapeOps(graph()).flatten(at + "flatten" + i, in.value());
      return in.flattened(flat);
    }
    throw new IllegalArgumentException("no operator for the layer " + layer);
  }

  private boolean isTakenIn(ChannelScale scale) {
    return parameters.form().takesIn(scale);
  }

  /** Convolution or linear layer {@code i} of rows whose scale goes into its weights. */
  private Deferred weighted(int i, Layer layer, Deferred x) {
    boolean hasBias = hasBias(layer);
    boolean mayTile = layer instanceof Layer.Conv2d && !integers.has(i);
    Tiles tiles = mayTile ? Tiles.of(network.trunk(), i, x.value()) : null;
    Value weight;
    Value bias;
    if (x.scale() == null && !isFolded(i + 1) && tiles == null && x.tiles() == null) {
      weight = parameters.weight(at(i) + "weight");
      bias = hasBias ? parameters.constant(at(i) + "bias") : null;
    } else {
      Affine affine = affine(i, hasBias, x.scale());
      List<Integer> shape = parameters.shape(at(i) + "weight");
      if (tiles != null) {
        affine = tiles.spread(affine);
        shape = tiles.shape(shape.get(1));
      } else if (x.tiles() != null) {
        affine = x.tiles().puttingRight(affine);
        shape = List.of(affine.outputs(), x.tiles().features());
      }
      String name = constant(i, x.source());
      weight = parameters.weight(name + "weight", shape, affine.weight());
      bias = parameters.constant(name + "bias", List.of(affine.bias().length), affine.bias());
    }
    if (!(layer instanceof Layer.Conv2d conv)) {
      return Deferred.of(
          neural().linear(scope + "/linear" + i, x.value(), weight, requireNonNull(bias)));
    }
    String node = scope + "/conv" + i;
    if (tiles != null) {
      Value tiled = tiles.convolved(neural(), node, x.value(), weight, requireNonNull(bias));
      return Deferred.of(tiled, tiles);
    }
    return Deferred.of(
        bias == null
            ? neural().conv(node, x.value(), weight, conv.padding())
            : neural().conv(node, x.value(), weight, bias, conv.padding()));
  }

  private static boolean hasBias(Layer layer) {
    return !(layer instanceof Layer.Conv2d conv) || conv.bias();
  }

  private Value settled(Deferred x) {
    return x.settled(graph(), scope + "/scaled_" + x.source());
  }

  /** True for a batch normalisation that the layer before it has taken in. */
  private boolean isFolded(int i) {
    return i > 0 && isNormalised(network.trunk(), i - 1);
  }

  /** True for a convolution or linear layer that takes in the batch normalisation behind it. */
  static boolean isNormalised(List<Layer> trunk, int i) {
    return i + 1 < trunk.size()
        && trunk.get(i + 1) instanceof Layer.BatchNorm
        && (trunk.get(i) instanceof Layer.Conv2d || trunk.get(i) instanceof Layer.Linear);
  }

  /** With its neighbours folded in, so that it has a bias. */
  private Affine affine(int i, boolean hasBias, @Nullable ChannelScale before) {
    Affine own = Affine.of(parameters, at(i), hasBias);
    return (isFolded(i + 1) ? own.then(ChannelScale.of(parameters, at(i + 1))) : own)
        .after(before, parameters.form());
  }

  /**
   * Constants are called as the parameters are, or {@code trunk.3+4.} when 3 took 4 in, and {@code
   * trunk.input+0.} when 0 took in the input's normalisation.
   */
  private String constant(int i, String source) {
    String before = source.isEmpty() ? "" : source + "+";
    return "trunk." + before + i + (isFolded(i + 1) ? "+" + (i + 1) : "") + ".";
  }

  /** Names of the parameters of layer {@code i} begin with it. */
  static String at(int i) {
    return "trunk." + i + ".";
  }

  private Graph graph() {
    return parameters.graph();
  }

  private NeuralOps neural() {
    return new NeuralOps(graph());
  }
}
