package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.NeuralOps;
import dev.gatehouse.exporter.graph.ShapeOps;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Writes one network into a graph as it is served. A batch normalisation uses its running
 * statistics; right behind a convolution or linear layer it becomes part of that layer's weights.
 *
 * @param parameters the network's parameters, and the graph where the nodes go
 * @param network the architecture
 * @param scope starts the names of the nodes
 */
record NetworkLowering(Parameters parameters, Network network, String scope) {

  /** The last hidden layer before its ReLU, {@code [N, h]}, of rows {@code x}. */
  Value trunk(Value x) {
    Value value = x;
    for (int i = 0; i < network.trunk().size(); i++) {
      value = layer(i, value);
    }
    return value;
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
    return neural()
        .linear(
            scope + "/head",
            afterRelu,
            parameters.constant("head.weight"),
            parameters.constant("head.bias"));
  }

  private Value layer(int i, Value x) {
    Layer layer = network.trunk().get(i);
    String at = scope + "/";
    if (layer instanceof Layer.Conv2d conv) {
      String name = at + "conv" + i;
      Affine affine = affine(i, conv.bias());
      return affine.hasBias()
          ? neural().conv(name, x, weight(i, affine), bias(i, affine), conv.padding())
          : neural().conv(name, x, weight(i, affine), conv.padding());
    }
    if (layer instanceof Layer.BatchNorm) {
      return isFolded(i) ? x : scaled(i, x);
    }
    if (layer instanceof Layer.MaxPool pool) {
      return neural().maxPool(at + "pool" + i, x, pool.size());
    }
    if (layer instanceof Layer.Relu) {
      return neural().relu(at + "relu" + i, x);
    }
    if (layer instanceof Layer.Flatten) {
      return new ShapeOps(graph()).flatten(at + "flatten" + i, x);
    }
    if (layer instanceof Layer.Linear) {
      Affine affine = affine(i, true);
      return neural().linear(at + "linear" + i, x, weight(i, affine), bias(i, affine));
    }
    throw new IllegalArgumentException("no operator for the layer " + layer);
  }

  /** A batch normalisation on its own: one product and one sum a channel. */
  private Value scaled(int i, Value x) {
    ChannelScale scale = ChannelScale.of(parameters, at(i));
    List<Integer> perChannel = new ArrayList<>(List.of(scale.factor().length));
    perChannel.addAll(Collections.nCopies(x.rank() - 2, 1));
    Value factor = parameters.constant(at(i) + "factor", perChannel, scale.factor());
    Value offset = parameters.constant(at(i) + "offset", perChannel, scale.offset());
    ArithmeticOps arithmetic = new ArithmeticOps(graph());
    String name = scope + "/batch_norm" + i;
    return arithmetic.add(name, arithmetic.multiply(name + "/product", x, factor), offset);
  }

  /** True for a batch normalisation that the layer before it has taken in. */
  private boolean isFolded(int i) {
    List<Layer> trunk = network.trunk();
    return i > 0
        && i < trunk.size()
        && trunk.get(i) instanceof Layer.BatchNorm
        && (trunk.get(i - 1) instanceof Layer.Conv2d || trunk.get(i - 1) instanceof Layer.Linear);
  }

  private Affine affine(int i, boolean bias) {
    Affine own = Affine.of(parameters, at(i), bias);
    return isFolded(i + 1) ? own.then(ChannelScale.of(parameters, at(i + 1))) : own;
  }

  private Value weight(int i, Affine affine) {
    return parameters.constant(
        constant(i) + "weight", parameters.shape(at(i) + "weight"), affine.weight());
  }

  private Value bias(int i, Affine affine) {
    return parameters.constant(constant(i) + "bias", List.of(affine.bias().length), affine.bias());
  }

  /** Constants are called as the parameters are, or {@code trunk.3+4.} when 3 took 4 in. */
  private String constant(int i) {
    return isFolded(i + 1) ? "trunk." + i + "+" + (i + 1) + "." : at(i);
  }

  private static String at(int i) {
    return "trunk." + i + ".";
  }

  private Graph graph() {
    return parameters.graph();
  }

  private NeuralOps neural() {
    return new NeuralOps(graph());
  }
}
