package dev.gatehouse.exporter.graph;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Operators over levels: a real number x stands as the 8-bit q of x = scale (q - zero). Sums are of
 * 32-bit integers, so that they are the same in whatever order they are added.
 *
 * @param graph where the nodes go
 */
public record IntegerOps(Graph graph) {
  /**
   * What levels stand for.
   *
   * @param scale FLOAT, a number or {@code [C]}
   * @param zero UINT8 of that shape
   */
  public record Steps(Value scale, Value zero) {
    private void require(String node, int rank) {
      scale.require(node, "scale", Element.FLOAT, rank);
      zero.require(node, "zero", Element.UINT8, rank);
    }
  }

  /**
   * QuantizeLinear: x / scale rounded to the nearest integer, the even one of two, plus zero, and
   * that to the nearest of 0 to 255.
   *
   * @param x FLOAT of any shape; {@code [N, C, ...]} where the steps are those of each channel
   * @return UINT8 of that shape
   */
  public Value quantize(String name, Value x, Steps to) {
    x.require(name, "x", Element.FLOAT, x.rank());
    to.require(name, to.scale().rank());
    if (to.scale().rank() > 0 && to.scale().size(0) != x.size(1)) {
      throw misfit(name, x, to.scale());
    }
    return graph.add(
        "QuantizeLinear",
        name,
        Element.UINT8,
        x.dims(),
        List.of(x, to.scale(), to.zero()),
        Attributes.of("axis", 1));
  }

  /** DequantizeLinear: scale (x - zero), FLOAT, of UINT8 values of any shape. */
  public Value dequantize(String name, Value x, Steps of) {
    x.require(name, "x", Element.UINT8, x.rank());
    of.require(name, 0);
    return graph.add(
        "DequantizeLinear", name, Element.FLOAT, x.dims(), List.of(x, of.scale(), of.zero()));
  }

  /**
   * QLinearConv, stride 1: a convolution of levels whose results are levels again. What is padded
   * stands for 0.
   *
   * @param x UINT8 {@code [N, C, H, W]}
   * @param weight INT8 {@code [O, C, K, K]}
   * @param weightScale {@code [O]}
   * @param bias INT32 {@code [O]}, in units of {@code in.scale weightScale}
   * @param padding on each side
   * @return UINT8 {@code [N, O, H + 2 padding - K + 1, W + 2 padding - K + 1]}
   */
  public Value conv(
      String name,
      Value x,
      Steps in,
      Value weight,
      Value weightScale,
      Value bias,
      int padding,
      Steps out) {
    x.require(name, "x", Element.UINT8, 4);
    weight.require(name, "weight", Element.INT8, 4);
    weightScale.require(name, "weight's scale", Element.FLOAT, 1);
    bias.require(name, "bias", Element.INT32, 1);
    in.require(name, 0);
    out.require(name, 0);
    int outputs = weight.size(0);
    int kernel = weight.size(2);
    int down = x.size(2) + 2 * padding - kernel + 1;
    int across = x.size(3) + 2 * padding - kernel + 1;
    if (weight.size(1) != x.size(1)
        || weight.size(3) != kernel
        || weightScale.size(0) != outputs
        || bias.size(0) != outputs
        || down < 1
        || across < 1) {
      throw misfit(name, x, weight, weightScale, bias);
    }
    Value weightZero =
        graph.constant(name + "/weight_zero", Element.INT8, List.of(), ByteBuffer.allocate(1));
    return graph.add(
        "QLinearConv",
        name,
        Element.UINT8,
        List.of(x.dim(0), weight.dim(0), Dim.of(down), Dim.of(across)),
        List.of(
            x,
            in.scale(),
            in.zero(),
            weight,
            weightScale,
            weightZero,
            out.scale(),
            out.zero(),
            bias),
        Attributes.of("kernel_shape", kernel, kernel),
        Attributes.of("pads", padding, padding, padding, padding),
        Attributes.of("strides", 1, 1));
  }

  /**
   * MatMulInteger: (x - zero) weight.
   *
   * @param x UINT8 {@code [N, F]}
   * @param weight INT8 {@code [F, O]}
   * @return INT32 {@code [N, O]}
   */
  public Value matMul(String name, Value x, Value zero, Value weight) {
    x.require(name, "x", Element.UINT8, 2);
    weight.require(name, "weight", Element.INT8, 2);
    zero.require(name, "zero", Element.UINT8, 0);
    if (!x.dim(1).equals(weight.dim(0))) {
      throw misfit(name, x, weight);
    }
    return graph.add(
        "MatMulInteger",
        name,
        Element.INT32,
        List.of(x.dim(0), weight.dim(1)),
        List.of(x, weight, zero));
  }

  private static IllegalArgumentException misfit(String name, Value... values) {
    return new IllegalArgumentException(name + ": shapes do not fit: " + List.of(values));
  }
}
