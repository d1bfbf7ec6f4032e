package dev.gatehouse.proto.network;

import java.util.List;

/**
 * A parameter that a network needs.
 *
 * @param name as it stands in {@code weights.safetensors}
 * @param shape convolution {@code [out, in, height, width]}, linear {@code [out, in]}, bias {@code
 *     [out]}
 * @param start how its first values are chosen
 * @param fanIn inputs of one output; PyTorch draws weights and biases from +-1/sqrt(fanIn)
 * @param trained false for a running statistic, which no gradient reaches
 */
public record ParameterSpec(
    String name, List<Integer> shape, Start start, int fanIn, boolean trained) {
  /** How first values are chosen. */
  public enum Start {
    /** Uniform in +-1/sqrt(fanIn), as PyTorch's linear and convolution layers. */
    UNIFORM,
    /** All 0. */
    ZEROS,
    /** All 1. */
    ONES
  }

  /** Copies the shape. */
  public ParameterSpec {
    shape = List.copyOf(shape);
  }

  /** A weight or bias of a linear or convolution layer. */
  public ParameterSpec(String name, List<Integer> shape, int fanIn) {
    this(name, shape, Start.UNIFORM, fanIn, true);
  }

  /** Elements of the parameter. */
  public int elements() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}
