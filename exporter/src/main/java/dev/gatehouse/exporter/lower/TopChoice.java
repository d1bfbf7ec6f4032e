package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.IndexOps;
import dev.gatehouse.exporter.graph.ShapeOps;
import dev.gatehouse.exporter.graph.Value;

/**
 * The k experts that answer a row under a top-k rule, in k slots by falling gate probability.
 *
 * @param graph where the choice is made
 * @param indices {@code [N, k]} INT64
 * @param weights {@code [N, k]} the chosen probabilities over their sum
 */
record TopChoice(Graph graph, Value indices, Value weights) {

  /** The choice of gate probabilities {@code [N, M]}. */
  static TopChoice of(Graph graph, Value gate, int k) {
    ArithmeticOps arithmetic = new ArithmeticOps(graph);
    IndexOps.Top top = new IndexOps(graph).topK("routing/top", gate, k);
    Value kept = arithmetic.sumKeeping("routing/kept", top.values(), 1);
    return new TopChoice(
        graph, top.indices(), arithmetic.divide("routing/weights", top.values(), kept));
  }

  /**
   * y = sum over slots of weight times answer, by falling weight; with one slot the answer itself.
   *
   * @param slots {@code [N, k, C]} answers of the chosen experts
   * @return {@code [N, C]}
   */
  Value combined(Value slots) {
    ShapeOps shapes = new ShapeOps(graph);
    if (slots.size(1) == 1) {
      return shapes.squeeze("combine/only_slot", slots, 1);
    }
    ArithmeticOps arithmetic = new ArithmeticOps(graph);
    Value perSlot = shapes.unsqueeze("combine/slot_weights", weights, 2);
    return arithmetic.sum(
        "combine/sum", arithmetic.multiply("combine/weighted", slots, perSlot), 1);
  }
}
