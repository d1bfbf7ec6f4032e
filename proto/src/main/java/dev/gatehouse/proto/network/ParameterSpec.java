package dev.gatehouse.proto.network;

import java.util.List;

/**
 * A parameter that a network needs.
 *
 * @param name as it stands in {@code weights.safetensors}
 * @param shape convolution {@code [out, in, height, width]}, linear {@code [out, in]}, bias {@code
 *     [out]}
 * @param fanIn inputs of one output; PyTorch draws weights and biases from +-1/sqrt(fanIn)
 */
public record ParameterSpec(String name, List<Integer> shape, int fanIn) {
  /** Copies the shape. */
  public ParameterSpec {
    shape = List.copyOf(shape);
  }

  /** Elements of the parameter. */
  public int elements() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}
