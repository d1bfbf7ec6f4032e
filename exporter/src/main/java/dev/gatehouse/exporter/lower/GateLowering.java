package dev.gatehouse.exporter.lower;

import dev.gatehouse.exporter.graph.Dim;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.BiFunction;

/**
 * Writes a model's gate into a graph as it is served: {@code [N, M]} probabilities. Noise is for
 * training alone.
 *
 * @param to the graph with the model's other parts
 */
record GateLowering(ModelGraph to) {
  private static final double NATS_PER_BIT = Math.log(2);

  /**
   * A gate that knows the experts before any of them ran.
   *
   * @throws IllegalArgumentException for a gate that does not
   */
  Value alone() {
    if (to.model().gate() instanceof GateSpec.Softmax gate) {
      return softmax(gate);
    }
    throw new IllegalArgumentException("needs the experts' answers: " + to.model().gate());
  }

  /**
   * Any gate that can be served, over experts that have run already.
   *
   * @throws IllegalArgumentException for a gate that needs more than the row
   */
  Value over(List<ModelGraph.Expert> experts) {
    GateSpec gate = to.model().gate();
    if (gate instanceof GateSpec.Softmax softmax) {
      return softmax(softmax);
    }
    if (gate instanceof GateSpec.Attentive attentive) {
      return attentive(attentive, experts);
    }
    if (gate instanceof GateSpec.Entropy) {
      return entropy(experts);
    }
    if (gate instanceof GateSpec.None) {
      return certain();
    }
    throw new IllegalArgumentException("cannot be served: " + gate);
  }

  /** p = softmax(g(x) / T). */
  private Value softmax(GateSpec.Softmax gate) {
    NetworkLowering network = network(gate.network());
    return probabilities(
        network.exactHead(network.relu(network.trunk(to.rows(gate.network())))), 1);
  }

  /** p = softmax(q . K_e / (T sqrt(h))) (arXiv 2302.14703, the attentive gate). */
  private Value attentive(GateSpec.Attentive gate, List<ModelGraph.Expert> experts) {
    NetworkLowering network = network(gate.network());
    Value before = network.trunk(to.rows(gate.network()));
    Value hidden =
        gate.network().hidden() == Network.Tap.BEFORE_RELU ? before : network.relu(before);
    Value query =
        to.neural().linear("gate/query", hidden, network.parameters().weight("query.weight"));
    Value keyWeight = network.parameters().weight("key.weight");
    Value scores =
        scores(
            experts,
            (scope, expert) ->
                to.arithmetic()
                    .multiply(
                        scope + "product",
                        query,
                        to.neural().linear(scope + "key", expert.hidden(), keyWeight)));
    return probabilities(scores, Math.sqrt(to.model().expert().width()));
  }

  /**
   * p = softmin(s / T), s_e the entropy of o_e(x) in bits. The scores here are -s in nats. Their
   * logarithm is that of the logits, since an o of 0 has none.
   */
  private Value entropy(List<ModelGraph.Expert> experts) {
    Value scores =
        scores(
            experts,
            (scope, expert) ->
                to.arithmetic()
                    .multiply(
                        scope + "product",
                        expert.probabilities(),
                        to.neural().logSoftmax(scope + "log", expert.logits())));
    return probabilities(scores, NATS_PER_BIT);
  }

  /** The gate of a single model: all rows belong to its one expert. */
  private Value certain() {
    Value batch = to.indices().shape("gate/batch", to.raw(), 0, 1);
    Value shape = to.shapes().concat("gate/shape", List.of(batch, to.graph().constant(1)), 0);
    return to.indices().filled("gate/ones", shape, List.of(Dim.BATCH, Dim.of(1)), 1);
  }

  /** {@code [N, M]}: for each expert the sum of {@code terms} over axis 1. */
  private Value scores(
      List<ModelGraph.Expert> experts, BiFunction<String, ModelGraph.Expert, Value> terms) {
    List<Value> all = new ArrayList<>();
    for (int e = 0; e < experts.size(); e++) {
      String scope = String.format(Locale.ROOT, "gate/expert_%02d/", e);
      Value each = terms.apply(scope, experts.get(e));
      all.add(to.arithmetic().sumKeeping(scope + "score", each, 1));
    }
    return to.shapes().concat("gate/scores", all, 1);
  }

  /** The softmax of {@code scores} over {@code unit} times the gate's temperature. */
  private Value probabilities(Value scores, double unit) {
    double divisor = unit * to.model().gate().temperature();
    if (divisor == 1) {
      return to.neural().softmax("gate/softmax", scores);
    }
    Value factor = to.graph().constant("gate/factor", List.of(1), (float) (1 / divisor));
    return to.neural()
        .softmax("gate/softmax", to.arithmetic().multiply("gate/logits", scores, factor));
  }

  private NetworkLowering network(Network network) {
    return to.network(GateSpec.PREFIX, network, OptionalInt.empty(), "gate");
  }
}
