package dev.gatehouse.exporter.imports;

import dev.gatehouse.exporter.graph.Dim;
import dev.gatehouse.exporter.graph.Element;
import dev.gatehouse.exporter.graph.Graph;
import dev.gatehouse.exporter.graph.OnnxFile;
import dev.gatehouse.exporter.graph.Value;
import dev.gatehouse.exporter.lower.DenseMixture;
import dev.gatehouse.exporter.lower.Lowering;
import dev.gatehouse.exporter.lower.SparseMixture;
import dev.gatehouse.exporter.onnx.ServedGraph;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The graphs that are made of somebody's files.
 *
 * @param input what a client sends
 * @param rule which experts answer
 * @param classes number of classes
 * @param gate the gate's
 * @param experts the experts'
 * @param mostBytes the longest file of a graph
 */
record ImportedGraphs(
    InputSpec input,
    RoutingRule rule,
    int classes,
    ServedGraph gate,
    List<ServedGraph> experts,
    long mostBytes) {

  /** Versions of the operators that all parts can go by, at least what the mixture needs. */
  private Map<String, Long> opsets() {
    Map<String, Long> opsets = new TreeMap<>();
    opsets.put("", (long) Graph.LEAST_OPSET);
    for (ServedGraph part : parts()) {
      part.opsets().forEach((domain, version) -> opsets.merge(domain, version, Math::max));
    }
    return opsets;
  }

  private List<ServedGraph> parts() {
    List<ServedGraph> parts = new ArrayList<>(List.of(gate));
    parts.addAll(experts);
    return parts;
  }

  /** Why all parts cannot go into one graph, in words; empty where they can. */
  Optional<String> obstacle() {
    Map<String, Long> together = opsets();
    long opset = together.getOrDefault("", 0L);
    for (ServedGraph part : parts()) {
      for (Map.Entry<String, Long> set : part.opsets().entrySet()) {
        Long version = together.get(set.getKey());
        if (!set.getKey().isEmpty() && !set.getValue().equals(version)) {
          return Optional.of(
              "the files use versions %d and %d of the operators '%s'"
                  .formatted(set.getValue(), version, set.getKey()));
        }
      }
      Optional<String> node = part.obstacleTo(opset);
      if (node.isPresent()) {
        return Optional.of(
            "%s may mean something else under opset %d, which the other parts need"
                .formatted(node.get(), opset));
      }
    }
    long length = portable().length();
    return length > mostBytes
        ? Optional.of(
            "together they have %d bytes, and a file ends at %d".formatted(length, mostBytes))
        : Optional.empty();
  }

  /** The whole model in one graph, whose parts have no {@link #obstacle}. */
  OnnxFile portable() {
    Graph graph = new Graph("model", opsets());
    Value rows =
        graph.input(input.name(), Element.FLOAT, Dim.rows(Dim.BATCH, input.shape().dims()));
    Value probabilities = gate.embed(graph, "gate/", rows);
    if (rule instanceof RoutingRule.TopK top) {
      SparseMixture.write(
          graph,
          rows,
          probabilities,
          top.k(),
          classes,
          (e, some, counts) ->
              experts.get(e).embedWhereThereAreRows(graph, scope(e), some, counts, e));
    } else {
      List<Value> answers = new ArrayList<>();
      for (int e = 0; e < experts.size(); e++) {
        answers.add(experts.get(e).embed(graph, scope(e), rows));
      }
      new DenseMixture(graph).write(rule, probabilities, answers);
    }
    return graph.finished(Lowering.PRODUCER, Map.of());
  }

  private static String scope(int e) {
    return String.format(Locale.ROOT, "expert_%02d/", e);
  }
}
