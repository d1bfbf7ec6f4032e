package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Element;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.IntegerOps;
import dev.gatehouse.exporter.graph.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * ONNX's own integer operators. Not pairs of QuantizeLinear and DequantizeLinear around float ones,
 * which a runtime may or may not fuse, with other results.
 */
record IntegerKernels() implements IntegerArithmetic {
  @Override
  public Value levels(Graph graph, String name, Value x, Levels to) {
    return new IntegerOps(graph).quantize(name, x, constant(graph, name, to));
  }

  @Override
  public Value numbers(Graph graph, String name, Value x, Levels of) {
    return new IntegerOps(graph).dequantize(name, x, constant(graph, name, of));
  }

  @Override
  public Value sums(
      Graph graph, String name, Value x, Levels in, IntegerWeights weights, int padding) {
    ArithmeticOps arithmetic = new ArithmeticOps(graph);
    // Not DequantizeLinear: a runtime makes a QLinearConv of that and what follows.
    Value whole = arithmetic.cast(name + "/whole", x, Element.FLOAT);
    Value centred =
        in.zero() == 0
            ? whole
            : arithmetic.subtract(
                name + "/centred", whole, graph.constant(name + "/in/zero", List.of(1), in.zero()));
    return new FloatSums(graph).conv(name, centred, in, weights, padding);
  }

  @Override
  public Value levelsOfSums(Graph graph, Value sums, Deferred.Sums to) {
    String name = to.node() + "/made";
    List<Integer> channels = List.of(to.steps().length);
    byte[] zeros = new byte[to.steps().length];
    Arrays.fill(zeros, (byte) to.levels().zero());
    return new IntegerOps(graph)
        .quantize(
            name,
            sums,
            new IntegerOps.Steps(
                graph.constant(name + "/scale", channels, to.steps()),
                graph.constant(name + "/zero", Element.UINT8, channels, ByteBuffer.wrap(zeros))));
  }

  @Override
  public Value conv(
      Graph graph,
      String name,
      Value x,
      Levels in,
      IntegerWeights weights,
      int padding,
      Levels out) {
    int outputs = weights.outputs();
    ByteBuffer bias = ByteBuffer.allocate(Integer.BYTES * outputs).order(ByteOrder.LITTLE_ENDIAN);
    bias.asIntBuffer().put(weights.unitsOfBias(in));
    return new IntegerOps(graph)
        .conv(
            name,
            x,
            constant(graph, name + "/in", in),
            graph.constant(
                weights.name() + "weight",
                Element.INT8,
                weights.shape(),
                ByteBuffer.wrap(weights.bytes())),
            graph.constant(weights.name() + "weight/scale", List.of(outputs), weights.scales()),
            graph.constant(weights.name() + "bias", Element.INT32, List.of(outputs), bias),
            padding,
            constant(graph, name + "/out", out));
  }

  @Override
  public Value linear(Graph graph, String name, Value x, Levels in, IntegerWeights weights) {
    ArithmeticOps arithmetic = new ArithmeticOps(graph);
    int outputs = weights.outputs();
    Value weight =
        graph.constant(
            weights.name() + "weight",
            Element.INT8,
            List.of(weights.shape().get(1), outputs),
            ByteBuffer.wrap(weights.across()));
    Value sums =
        new IntegerOps(graph).matMul(name + "/sums", x, zero(graph, name + "/in", in), weight);
    return arithmetic.add(
        name,
        arithmetic.multiply(
            name + "/product",
            arithmetic.cast(name + "/float", sums, Element.FLOAT),
            graph.constant(weights.name() + "weight/scale", List.of(outputs), weights.units(in))),
        graph.constant(weights.name() + "bias", List.of(outputs), weights.bias()));
  }

  private static IntegerOps.Steps constant(Graph graph, String name, Levels of) {
    return new IntegerOps.Steps(
        graph.constant(name + "/scale", List.of(), of.scale()), zero(graph, name, of));
  }

  private static Value zero(Graph graph, String name, Levels of) {
    return graph.constant(
        name + "/zero", Element.UINT8, List.of(), ByteBuffer.wrap(new byte[] {(byte) of.zero()}));
  }
}
