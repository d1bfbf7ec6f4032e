package dev.gatehouse.exporter.graph;

import java.util.List;

/**
 * Operators of neural networks. Images are {@code [N, C, H, W]}, features {@code [N, F]}, all
 * FLOAT.
 *
 * @param graph where the nodes go
 */
public record NeuralOps(Graph graph) {
  /**
   * Conv, stride 1.
   *
   * @param x {@code [N, C, H, W]}
   * @param weight {@code [O, C, K, K]}
   * @param bias {@code [O]}
   * @param padding zeros on each side
   * @return {@code [N, O, H + 2 padding - K + 1, W + 2 padding - K + 1]}
   */
  public Value conv(String name, Value x, Value weight, Value bias, int padding) {
    bias.require(name, "bias", Element.FLOAT, 1);
    weight.require(name, "weight", Element.FLOAT, 4);
    if (bias.size(0) != weight.size(0)) {
      throw misfit(name, x, weight, bias);
    }
    return conv(name, x, weight, List.of(x, weight, bias), padding);
  }

  /** Conv without bias, stride 1; shapes as with one. */
  public Value conv(String name, Value x, Value weight, int padding) {
    return conv(name, x, weight, List.of(x, weight), padding);
  }

  private Value conv(String name, Value x, Value weight, List<Value> inputs, int padding) {
    x.require(name, "x", Element.FLOAT, 4);
    weight.require(name, "weight", Element.FLOAT, 4);
    int kernel = weight.size(2);
    int height = x.size(2) + 2 * padding - kernel + 1;
    int width = x.size(3) + 2 * padding - kernel + 1;
    if (weight.size(1) != x.size(1) || weight.size(3) != kernel || height < 1 || width < 1) {
      throw misfit(name, x, weight);
    }
    return graph.add(
        "Conv",
        name,
        Element.FLOAT,
        List.of(x.dim(0), weight.dim(0), Dim.of(height), Dim.of(width)),
        inputs,
        Attributes.of("kernel_shape", kernel, kernel),
        Attributes.of("pads", padding, padding, padding, padding));
  }

  /**
   * MaxPool over squares of {@code size}, stride {@code size}; a rest at the edge is dropped.
   *
   * @param x {@code [N, C, H, W]}
   * @return {@code [N, C, H / size, W / size]}
   */
  public Value maxPool(String name, Value x, int size) {
    x.require(name, "x", Element.FLOAT, 4);
    if (size < 1 || x.size(2) < size || x.size(3) < size) {
      throw new IllegalArgumentException(name + ": size " + size + " does not fit " + x);
    }
    return graph.add(
        "MaxPool",
        name,
        Element.FLOAT,
        List.of(x.dim(0), x.dim(1), Dim.of(x.size(2) / size), Dim.of(x.size(3) / size)),
        List.of(x),
        Attributes.of("kernel_shape", size, size),
        Attributes.of("strides", size, size));
  }

  /** Relu of floats of any shape. */
  public Value relu(String name, Value x) {
    x.require(name, "x", Element.FLOAT, x.rank());
    return graph.add("Relu", name, Element.FLOAT, x.dims(), List.of(x));
  }

  /**
   * Gemm: x weight^T + bias.
   *
   * @param x {@code [N, F]}
   * @param weight {@code [O, F]}
   * @param bias {@code [O]}
   * @return {@code [N, O]}
   */
  public Value linear(String name, Value x, Value weight, Value bias) {
    bias.require(name, "bias", Element.FLOAT, 1);
    if (bias.size(0) != checkedLinear(name, x, weight).size(0)) {
      throw misfit(name, x, weight, bias);
    }
    return gemm(name, x, weight, List.of(x, weight, bias));
  }

  /**
   * Gemm without bias: x weight^T.
   *
   * @param x {@code [N, F]}
   * @param weight {@code [O, F]}
   * @return {@code [N, O]}
   */
  public Value linear(String name, Value x, Value weight) {
    return gemm(name, x, checkedLinear(name, x, weight), List.of(x, weight));
  }

  /**
   * Softmax over the last axis.
   *
   * @param x {@code [N, F]}
   * @return {@code [N, F]}
   */
  public Value softmax(String name, Value x) {
    return overFeatures("Softmax", name, x);
  }

  /**
   * LogSoftmax over the last axis: finite where a softmax is too small for its logarithm.
   *
   * @param x {@code [N, F]}
   * @return {@code [N, F]}
   */
  public Value logSoftmax(String name, Value x) {
    return overFeatures("LogSoftmax", name, x);
  }

  private Value overFeatures(String op, String name, Value x) {
    x.require(name, "x", Element.FLOAT, 2);
    return graph.add(op, name, Element.FLOAT, x.dims(), List.of(x), Attributes.of("axis", -1));
  }

  private Value gemm(String name, Value x, Value weight, List<Value> inputs) {
    return graph.add(
        "Gemm",
        name,
        Element.FLOAT,
        List.of(x.dim(0), weight.dim(0)),
        inputs,
        Attributes.of("transB", 1));
  }

  private static Value checkedLinear(String name, Value x, Value weight) {
    x.require(name, "x", Element.FLOAT, 2);
    weight.require(name, "weight", Element.FLOAT, 2);
    if (weight.size(1) != x.size(1)) {
      throw misfit(name, x, weight);
    }
    return weight;
  }

  private static IllegalArgumentException misfit(String name, Value... values) {
    return new IllegalArgumentException(name + ": shapes do not fit: " + List.of(values));
  }
}
