package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.IndexOps;
import dev.gatehouse.exporter.graph.Value;
import java.util.ArrayList;
import java.util.List;

/** y = sum_e p_e o_e over all experts; what it reports as chosen is the argmax of the gate. */
final class DenseMixture {
  private DenseMixture() {}

  static void write(ModelGraph to) {
    List<ModelGraph.Expert> experts = to.allExperts();
    Value gate = to.gateOver(experts);
    List<Value> answers = new ArrayList<>();
    for (int e = 0; e < experts.size(); e++) {
      answers.add(
          to.shapes()
              .unsqueeze("combine/answer_%02d".formatted(e), experts.get(e).probabilities(), 1));
    }
    Value stacked = to.shapes().concat("combine/answers", answers, 1);
    Value weights = to.shapes().unsqueeze("combine/weights", gate, 1);
    Value sum =
        to.shapes()
            .squeeze("combine/sum", to.arithmetic().matMul("combine/product", weights, stacked), 1);
    IndexOps.Top top = to.indices().topK("routing/top", gate, 1);
    to.outputs(sum, gate, top.indices(), top.values());
  }
}
