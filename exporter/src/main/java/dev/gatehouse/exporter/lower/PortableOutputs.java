package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.bundle.Manifest;

/** The outputs that every portable graph has. */
final class PortableOutputs {
  private PortableOutputs() {}

  /**
   * Declares them.
   *
   * @param probabilities {@code [N, C]}
   * @param gate {@code [N, M]}
   * @param expertIndices {@code [N, k]} INT64
   * @param expertWeights {@code [N, k]}
   */
  static void declare(
      Graph graph, Value probabilities, Value gate, Value expertIndices, Value expertWeights) {
    graph.output(Manifest.PROBABILITIES, probabilities);
    graph.output(
        Manifest.CLASS, new ArithmeticOps(graph).argMax("class_of_largest", probabilities));
    graph.output(Manifest.GATE_PROBABILITIES, gate);
    graph.output(Manifest.EXPERT_INDICES, expertIndices);
    graph.output(Manifest.EXPERT_WEIGHTS, expertWeights);
  }
}
