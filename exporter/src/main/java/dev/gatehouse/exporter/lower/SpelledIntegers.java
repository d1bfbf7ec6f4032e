package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.Value;
import java.util.List;

/** The same in operators over float32 alone: what {@link IntegerKernels} are held against. */
record SpelledIntegers() implements IntegerArithmetic {
  @Override
  public Value levels(Graph graph, String name, Value x, Levels to) {
    Value steps =
        new ArithmeticOps(graph)
            .divide(name + "/steps", x, graph.constant(name + "/scale", List.of(1), to.scale()));
    return rounded(graph, name, steps, to);
  }

  @Override
  public Value numbers(Graph graph, String name, Value x, Levels of) {
    return new ArithmeticOps(graph)
        .multiply(
            name,
            centred(graph, name, x, of),
            graph.constant(name + "/scale", List.of(1), of.scale()));
  }

  @Override
  public Value sums(
      Graph graph, String name, Value x, Levels in, IntegerWeights weights, int padding) {
    Value sums =
        new FloatSums(graph)
            .conv(name + "/sums", centred(graph, name, x, in), in, weights, padding);
    // Whole numbers already: this keeps an optimiser from folding a factor into the weights.
    return new ArithmeticOps(graph).round(name, sums);
  }

  @Override
  public Value levelsOfSums(Graph graph, Value sums, Deferred.Sums to) {
    String name = to.node() + "/made";
    Value steps =
        new ArithmeticOps(graph)
            .divide(
                name + "/steps",
                sums,
                graph.constant(name + "/scale", List.of(to.steps().length, 1, 1), to.steps()));
    return rounded(graph, name, steps, to.levels());
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
    Value sums = sums(graph, name + "/whole", x, in, weights, padding);
    Value steps =
        new ArithmeticOps(graph)
            .multiply(
                name + "/steps",
                sums,
                graph.constant(
                    name + "/factor", List.of(weights.outputs(), 1, 1), weights.units(in, out)));
    return rounded(graph, name, steps, out);
  }

  @Override
  public Value linear(Graph graph, String name, Value x, Levels in, IntegerWeights weights) {
    ArithmeticOps arithmetic = new ArithmeticOps(graph);
    List<Integer> outputs = List.of(weights.outputs());
    Value sums = new FloatSums(graph).linear(name + "/sums", centred(graph, name, x, in), weights);
    return arithmetic.add(
        name,
        arithmetic.multiply(
            name + "/product",
            arithmetic.round(name + "/whole", sums),
            graph.constant(weights.name() + "weight/scale", outputs, weights.units(in))),
        graph.constant(weights.name() + "bias", outputs, weights.bias()));
  }

  /** q - zero. */
  private static Value centred(Graph graph, String name, Value x, Levels in) {
    return new ArithmeticOps(graph)
        .subtract(name + "/centred", x, graph.constant(name + "/in/zero", List.of(1), in.zero()));
  }

  private static Value rounded(Graph graph, String name, Value steps, Levels to) {
    ArithmeticOps arithmetic = new ArithmeticOps(graph);
    Value moved =
        arithmetic.add(
            name + "/moved",
            arithmetic.round(name + "/rounded", steps),
            graph.constant(name + "/out/zero", List.of(1), to.zero()));
    return arithmetic.clip(
        name,
        moved,
        graph.constant(name + "/least", List.of(), 0),
        graph.constant(name + "/largest", List.of(), Levels.LARGEST));
  }
}
