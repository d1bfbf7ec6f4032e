package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.IndexOps;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.ArrayList;
import java.util.List;

/**
 * Every expert over every row. Under a dense rule y = sum_e p_e o_e, and what is reported as chosen
 * is the argmax of the gate; under a top-k rule y is made of the chosen experts' answers alone.
 */
final class DenseMixture {
  private DenseMixture() {}

  static void write(ModelGraph to, RoutingRule rule) {
    List<ModelGraph.Expert> experts = to.allExperts();
    Value gate = new GateLowering(to).over(experts);
    Value answers = answers(to, experts);
    if (rule instanceof RoutingRule.TopK top) {
      chosen(to, gate, answers, top.k());
    } else {
      expectation(to, gate, answers);
    }
  }

  /** {@code [N, M, C]}. */
  private static Value answers(ModelGraph to, List<ModelGraph.Expert> experts) {
    List<Value> answers = new ArrayList<>();
    for (int e = 0; e < experts.size(); e++) {
      answers.add(
          to.shapes()
              .unsqueeze("combine/answer_%02d".formatted(e), experts.get(e).probabilities(), 1));
    }
    return to.shapes().concat("combine/answers", answers, 1);
  }

  private static void expectation(ModelGraph to, Value gate, Value answers) {
    Value weights = to.shapes().unsqueeze("combine/weights", gate, 1);
    Value product = to.arithmetic().matMul("combine/product", weights, answers);
    IndexOps.Top top = to.indices().topK("routing/top", gate, 1);
    to.outputs(to.shapes().squeeze("combine/sum", product, 1), gate, top.indices(), top.values());
  }

  private static void chosen(ModelGraph to, Value gate, Value answers, int k) {
    TopChoice choice = TopChoice.of(to, gate, k);
    Value places = to.shapes().unsqueeze("combine/places", choice.indices(), 2);
    Value slots = to.indices().gatherInRows("combine/slots", answers, places);
    to.outputs(choice.combined(to, slots), gate, choice.indices(), choice.weights());
  }
}
