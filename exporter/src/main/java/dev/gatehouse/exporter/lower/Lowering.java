package dev.gatehouse.exporter.lower;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lowers a model under a routing rule.
 *
 * @param model the architecture
 * @param weights every parameter of the model
 * @param rule which experts answer a row
 * @param run id of the run, for the graphs' metadata
 */
public record Lowering(ModelSpec model, Safetensors weights, RoutingRule rule, String run) {
  /** What the graphs call their producer. */
  public static final String PRODUCER = "gatehouse";

  /**
   * Checks that the model can be served under the rule.
   *
   * @throws BadInput when it cannot
   */
  public Lowering {
    model.servable(rule);
  }

  /** A run's model under the rule that it is to be served with. */
  public static Lowering of(Run run, Safetensors weights) {
    return new Lowering(run.model(), weights, run.serving(), run.id());
  }

  /** All graphs of the model. */
  public LoweredModel lower() {
    ModelGraph portable = graph("model");
    if (model.runsSparsely(rule)) {
      if (rule instanceof RoutingRule.TopK top) {
        SparseMixture.write(portable, top.k());
      } else {
        DenseMixture.write(portable, rule.inOneGraph());
      }
      ModelGraph split = graph("gate");
      split.graph().output(Manifest.GATE_PROBABILITIES, new GateLowering(split).alone());
      return new LoweredModel(bytes(portable), bytes(split), experts());
    }
    DenseMixture.write(portable, rule);
    return new LoweredModel(bytes(portable), null, List.of());
  }

  private List<byte[]> experts() {
    List<byte[]> all = new ArrayList<>();
    for (int e = 0; e < model.experts(); e++) {
      ModelGraph expert = graph("expert_%03d".formatted(e));
      expert
          .graph()
          .output(Manifest.PROBABILITIES, expert.expert(e, expert.rows()).probabilities());
      all.add(bytes(expert));
    }
    return all;
  }

  private ModelGraph graph(String name) {
    return new ModelGraph(name, model, weights);
  }

  private byte[] bytes(ModelGraph graph) {
    return graph
        .graph()
        .toBytes(
            PRODUCER,
            Map.of(
                "run", run,
                "classes", Json.line(model.classes()),
                "normalisation", Json.line(model.input().normalisation()),
                "rule", Json.line(rule)));
  }
}
