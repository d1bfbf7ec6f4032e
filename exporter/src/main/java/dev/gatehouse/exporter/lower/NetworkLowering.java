package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.NeuralOps;
import dev.gatehouse.exporter.graph.ShapeOps;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.Network;

/**
 * Writes one network into a graph.
 *
 * @param graph where the nodes go
 * @param weights the model's parameters
 * @param network the architecture
 * @param prefix of the network's parameters
 * @param scope starts the names of the nodes
 */
record NetworkLowering(
    Graph graph, Safetensors weights, Network network, String prefix, String scope) {

  /** The last hidden layer before its ReLU, {@code [N, h]}, of rows {@code x}. */
  Value trunk(Value x) {
    Value value = x;
    for (int i = 0; i < network.trunk().size(); i++) {
      value = layer(network.trunk().get(i), i, value);
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
        .linear(scope + "/head", afterRelu, parameter("head.weight"), parameter("head.bias"));
  }

  /** The parameter {@code PREFIX.NAME}. */
  Value parameter(String name) {
    String full = prefix + "." + name;
    Safetensors.Tensor tensor = weights.tensors().get(full);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor named " + full);
    }
    return graph.constant(full, tensor.shape(), tensor.data());
  }

  private Value layer(Layer layer, int i, Value x) {
    String at = scope + "/";
    String trunk = "trunk." + i + ".";
    if (layer instanceof Layer.Conv2d conv) {
      Value weight = parameter(trunk + "weight");
      return neural().conv(at + "conv" + i, x, weight, parameter(trunk + "bias"), conv.padding());
    }
    if (layer instanceof Layer.MaxPool pool) {
      return neural().maxPool(at + "pool" + i, x, pool.size());
    }
    if (layer instanceof Layer.Relu) {
      return neural().relu(at + "relu" + i, x);
    }
    if (layer instanceof Layer.Flatten) {
      return new ShapeOps(graph).flatten(at + "flatten" + i, x);
    }
    if (layer instanceof Layer.Linear) {
      Value weight = parameter(trunk + "weight");
      return neural().linear(at + "linear" + i, x, weight, parameter(trunk + "bias"));
    }
    throw new IllegalArgumentException("no operator for the layer " + layer);
  }

  private NeuralOps neural() {
    return new NeuralOps(graph);
  }
}
