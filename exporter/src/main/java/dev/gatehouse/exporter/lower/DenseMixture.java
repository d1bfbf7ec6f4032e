package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.ArithmeticOps;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.IndexOps;
import dev.gatehouse.exporter.graph.ShapeOps;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Every expert over every row. Under a dense rule y = sum_e p_e o_e, and what is reported as chosen
 * is the argmax of the gate; under a top-k rule y is made of the chosen experts' answers alone.
 *
 * @param graph where the mixture is made
 */
public record DenseMixture(Graph graph) {

  static void write(ModelGraph to, RoutingRule rule) {
    List<ModelGraph.Expert> experts = to.allExperts();
    Value gate = new GateLowering(to).over(experts);
    new DenseMixture(to.graph())
        .write(rule, gate, experts.stream().map(ModelGraph.Expert::probabilities).toList());
  }

  /**
   * Writes the mixture and declares the outputs.
   *
   * @param gate {@code [N, M]} probabilities
   * @param experts {@code [N, C]} probabilities each
   */
  public void write(RoutingRule rule, Value gate, List<Value> experts) {
    Value answers = answers(experts);
    if (rule instanceof RoutingRule.TopK top) {
      chosen(gate, answers, top.k());
    } else {
      expectation(gate, answers);
    }
  }

  /** {@code [N, M, C]}. */
  private Value answers(List<Value> experts) {
    ShapeOps shapes = new ShapeOps(graph);
    List<Value> answers = new ArrayList<>();
    for (int e = 0; e < experts.size(); e++) {
      answers.add(
          shapes.unsqueeze(
              String.format(Locale.ROOT, "combine/answer_%02d", e), experts.get(e), 1));
    }
    return shapes.concat("combine/answers", answers, 1);
  }

  private void expectation(Value gate, Value answers) {
    ShapeOps shapes = new ShapeOps(graph);
    Value weights = shapes.unsqueeze("combine/weights", gate, 1);
    Value product = new ArithmeticOps(graph).matMul("combine/product", weights, answers);
    IndexOps.Top top = new IndexOps(graph).topK("routing/top", gate, 1);
    PortableOutputs.declare(
        graph, shapes.squeeze("combine/sum", product, 1), gate, top.indices(), top.values());
  }

  private void chosen(Value gate, Value answers, int k) {
    TopChoice choice = TopChoice.of(graph, gate, k);
    Value places = new ShapeOps(graph).unsqueeze("combine/places", choice.indices(), 2);
    Value slots = new IndexOps(graph).gatherInRows("combine/slots", answers, places);
    PortableOutputs.declare(
        graph, choice.combined(slots), gate, choice.indices(), choice.weights());
  }
}
