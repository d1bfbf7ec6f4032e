package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.Element;
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
 * @param form how weights are stored
 * @param activations what flows into the larger layers
 */
record Parameters(
    Graph graph, Safetensors weights, String prefix, WeightForm form, Activations activations) {

  /** A parameter as it is. */
  Value constant(String name) {
    Safetensors.Tensor tensor = tensor(name);
    return graph.constant(prefix + "." + name, Element.FLOAT, tensor.shape(), tensor.data());
  }

  /** Numbers made of parameters, rounded here for the first time. */
  Value constant(String name, List<Integer> shape, double[] values) {
    return graph.constant(prefix + "." + name, shape, FloatWeights.nearest(values));
  }

  /** The weights of a layer, {@code [out, ...]}. */
  Value weight(String name) {
    return form instanceof FloatWeights ? constant(name) : weight(name, shape(name), values(name));
  }

  /** Weights made of parameters, rounded here for the first time. */
  Value weight(String name, List<Integer> shape, double[] values) {
    return form.write(graph, prefix + "." + name, shape, values);
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
