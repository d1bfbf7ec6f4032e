package dev.gatehouse.exporter.graph;

import java.util.List;

/**
 * Operators of neural networks. Images are {@code [N, C, H, W]}, features {@code [N, F]}, all FLOAT
 * unless said.
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
    return conv(name, x, weight, bias, 1, Pads.around(padding));
  }

  /** Conv without bias, stride 1; shapes as with one. */
  public Value conv(String name, Value x, Value weight, int padding) {
    return conv(name, x, weight, List.of(x, weight), 1, Pads.around(padding));
  }

  /**
   * Conv with a kernel that moves by {@code stride}; a rest at the edge is dropped.
   *
   * @param x {@code [N, C, H, W]}
   * @param weight {@code [O, C, K, K]}
   * @param bias {@code [O]}
   * @param pads zeros on each side
   * @return {@code [N, O, (H + above + below - K) / stride + 1, (W + left + right - K) / stride +
   *     1]}
   */
  public Value conv(String name, Value x, Value weight, Value bias, int stride, Pads pads) {
    bias.require(name, "bias", Element.FLOAT, 1);
    weight.require(name, "weight", Element.FLOAT, 4);
    if (bias.size(0) != weight.size(0)) {
      throw misfit(name, x, weight, bias);
    }
    return conv(name, x, weight, List.of(x, weight, bias), stride, pads);
  }

  private Value conv(
      String name, Value x, Value weight, List<Value> inputs, int stride, Pads pads) {
    x.require(name, "x", Element.FLOAT, 4);
    weight.require(name, "weight", Element.FLOAT, 4);
    int kernel = weight.size(2);
    int down = x.size(2) + pads.above() + pads.below() - kernel;
    int across = x.size(3) + pads.left() + pads.right() - kernel;
    if (weight.size(1) != x.size(1) || weight.size(3) != kernel || down < 0 || across < 0) {
      throw misfit(name, x, weight);
    }
    return graph.add(
        "Conv",
        name,
        Element.FLOAT,
        List.of(x.dim(0), weight.dim(0), Dim.of(down / stride + 1), Dim.of(across / stride + 1)),
        inputs,
        Attributes.of("kernel_shape", kernel, kernel),
        Attributes.of("pads", pads.above(), pads.left(), pads.below(), pads.right()),
        Attributes.of("strides", stride, stride));
  }

  /**
   * MaxPool over squares of {@code size}, stride {@code size}; a rest at the edge is dropped.
   *
   * @param x FLOAT or UINT8 {@code [N, C, H, W]}
   * @return {@code [N, C, H / size, W / size]}
   */
  public Value maxPool(String name, Value x, int size) {
    return maxPool(name, x, size, size);
  }

  /**
   * MaxPool over rectangles of {@code height} by {@code width} that do not overlap; a rest at the
   * edge is dropped.
   *
   * @param x FLOAT or UINT8 {@code [N, C, H, W]}
   * @return {@code [N, C, H / height, W / width]}
   */
  public Value maxPool(String name, Value x, int height, int width) {
    x.require(name, "x", x.element() == Element.UINT8 ? Element.UINT8 : Element.FLOAT, 4);
    if (height < 1 || width < 1 || x.size(2) < height || x.size(3) < width) {
      throw new IllegalArgumentException(
          "%s: a window of %d x %d does not fit %s".formatted(name, height, width, x));
    }
    return graph.add(
        "MaxPool",
        name,
        x.element(),
        List.of(x.dim(0), x.dim(1), Dim.of(x.size(2) / height), Dim.of(x.size(3) / width)),
        List.of(x),
        Attributes.of("kernel_shape", height, width),
        Attributes.of("strides", height, width));
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
