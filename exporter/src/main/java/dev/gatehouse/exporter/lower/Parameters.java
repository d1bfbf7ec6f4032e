package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.file.Safetensors;
import java.util.List;

/**
 * The parameters of one network, and what becomes of them in a graph.
 *
 * @param graph where constants go
 * @param weights the model's parameters
 * @param prefix of the network's parameters; names below are without it
 */
record Parameters(Graph graph, Safetensors weights, String prefix) {

  /** A parameter as it is. */
  Value constant(String name) {
    Safetensors.Tensor tensor = tensor(name);
    return graph.constant(prefix + "." + name, tensor.shape(), tensor.data());
  }

  /** Numbers made of parameters, rounded here for the first time. */
  Value constant(String name, List<Integer> shape, double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) values[i];
    }
    return graph.constant(prefix + "." + name, shape, rounded);
  }

  /** The shape of a parameter. */
  List<Integer> shape(String name) {
    return tensor(name).shape();
  }

  /** The values of a parameter, row-major. */
  double[] values(String name) {
    float[] floats = tensor(name).floats();
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  private Safetensors.Tensor tensor(String name) {
    Safetensors.Tensor tensor = weights.tensors().get(prefix + "." + name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor named " + prefix + "." + name);
    }
    return tensor;
  }
}
