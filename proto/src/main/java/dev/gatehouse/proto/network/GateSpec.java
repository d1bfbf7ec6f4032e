package dev.gatehouse.proto.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How rows are given to experts. In JSON the key {@code gate} says which. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "gate")
@JsonSubTypes({
  @JsonSubTypes.Type(value = GateSpec.None.class, name = "none"),
  @JsonSubTypes.Type(value = GateSpec.Softmax.class, name = "softmax"),
  @JsonSubTypes.Type(value = GateSpec.Attentive.class, name = "attentive")
})
public sealed interface GateSpec {
  /** The prefix of the gate's parameters. */
  String PREFIX = "gate";

  /** The gate's own network; null where there is none. */
  default @Nullable Network network() {
    return null;
  }

  /**
   * The gate's parameters; for their names see the implementations.
   *
   * @param in shape of a row
   * @param experts number of experts, M
   * @param expert the experts' network
   */
  List<ParameterSpec> parameters(Shape in, int experts, Network expert);

  /** True when the gate can tell the experts before any of them ran. */
  boolean sparse();

  /** No gate: a single model, M = 1. */
  record None() implements GateSpec {
    @Override
    public List<ParameterSpec> parameters(Shape in, int experts, Network expert) {
      return List.of();
    }

    @Override
    public boolean sparse() {
      return false;
    }
  }

  /**
   * p = softmax(g(x)), the head having M outputs. Parameters {@code gate.trunk.I.*}, {@code
   * gate.head.*}.
   *
   * @param network g
   */
  record Softmax(Network network) implements GateSpec {
    @Override
    public List<ParameterSpec> parameters(Shape in, int experts, Network expert) {
      return network.parameters(PREFIX, in, experts);
    }

    @Override
    public boolean sparse() {
      return true;
    }
  }

  /**
   * The attentive gate of arXiv 2302.14703: query q = W_q g_h(x), keys K_e = W_k k_e(x), p =
   * softmax(q . K_e / sqrt(h)), h the width of the experts' last hidden layer. The network's head
   * is not used. Parameters {@code gate.trunk.I.*}, {@code gate.query.weight} [h, width of g],
   * {@code gate.key.weight} [h, h].
   *
   * @param network g, read at its last hidden layer
   */
  record Attentive(Network network) implements GateSpec {
    @Override
    public List<ParameterSpec> parameters(Shape in, int experts, Network expert) {
      List<ParameterSpec> all =
          new java.util.ArrayList<>(
              network.parameters(PREFIX, in, 1).stream()
                  .filter(p -> !p.name().startsWith(PREFIX + ".head."))
                  .toList());
      int h = expert.width();
      int own = network.width();
      all.add(new ParameterSpec(PREFIX + ".query.weight", List.of(h, own), own));
      all.add(new ParameterSpec(PREFIX + ".key.weight", List.of(h, h), h));
      return List.copyOf(all);
    }

    @Override
    public boolean sparse() {
      return false;
    }
  }
}
