package dev.gatehouse.proto.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.gatehouse.proto.BadInput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How rows are given to experts. In JSON the key {@code gate} says which. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "gate")
@JsonSubTypes({
  @JsonSubTypes.Type(value = GateSpec.None.class, name = "none"),
  @JsonSubTypes.Type(value = GateSpec.Softmax.class, name = "softmax"),
  @JsonSubTypes.Type(value = GateSpec.Attentive.class, name = "attentive"),
  @JsonSubTypes.Type(value = GateSpec.SelfInformation.class, name = "self_information"),
  @JsonSubTypes.Type(value = GateSpec.Entropy.class, name = "entropy"),
  @JsonSubTypes.Type(value = GateSpec.Own.class, name = "own")
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
   * @param expert what every expert is
   */
  default List<ParameterSpec> parameters(Shape in, int experts, ExpertSpec expert) {
    return List.of();
  }

  /** Divides the gate's scores as it is served; 1 without a gate. */
  default double temperature() {
    return 1;
  }

  /** True when the gate can tell the experts before any of them ran. */
  default boolean sparse() {
    return false;
  }

  /**
   * Checks a routing rule against this gate.
   *
   * @throws BadInput when the rule is certified and the gate cannot tell the experts before any of
   *     them ran
   */
  default void requireServable(RoutingRule rule) {
    if (rule instanceof RoutingRule.Certified && !sparse()) {
      throw new BadInput(
          "rule certified needs a gate that knows the experts before any of them ran; serve dense,"
              + " or distil a softmax gate");
    }
  }

  /** True when the gate must know a row's true class, so that it cannot be served. */
  default boolean needsLabels() {
    return false;
  }

  /** No gate: a single model, M = 1. */
  record None() implements GateSpec {}

  /**
   * p = softmax(g(x) / T), the head having M outputs. Parameters {@code gate.trunk.I.*}, {@code
   * gate.head.*}; of a noisy gate also {@code gate.noise.weight} [M, width of g] and {@code
   * gate.noise.bias} [M].
   *
   * @param network g
   * @param temperature T
   * @param noisy whether training adds N(0,1) softplus(noise head) to g(x) (arXiv 1701.06538,
   *     equation 4); it is served without the noise
   */
  record Softmax(Network network, double temperature, boolean noisy) implements GateSpec {
    /** Checks the temperature. */
    public Softmax {
      requireTemperature(temperature);
    }

    /** p = softmax(g(x)). */
    public Softmax(Network network) {
      this(network, 1, false);
    }

    @Override
    public List<ParameterSpec> parameters(Shape in, int experts, ExpertSpec expert) {
      List<ParameterSpec> all = new ArrayList<>(network.parameters(PREFIX, in, experts));
      if (noisy) {
        int width = network.width();
        all.add(new ParameterSpec(PREFIX + ".noise.weight", List.of(experts, width), width));
        all.add(new ParameterSpec(PREFIX + ".noise.bias", List.of(experts), width));
      }
      return List.copyOf(all);
    }

    @Override
    public boolean sparse() {
      return true;
    }
  }

  /**
   * The attentive gate of arXiv 2302.14703: query q = W_q g_h(x), keys K_e = W_k k_e(x), p =
   * softmax(q . K_e / (T sqrt(h))), h the width of the experts' last hidden layer. The network's
   * head is not used. Parameters {@code gate.trunk.I.*}, {@code gate.query.weight} [h, width of g],
   * {@code gate.key.weight} [h, h].
   *
   * @param network g, read at its last hidden layer
   * @param temperature T
   */
  record Attentive(Network network, double temperature) implements GateSpec {
    /** Checks the temperature. */
    public Attentive {
      requireTemperature(temperature);
    }

    /** With temperature 1, as the paper has it. */
    public Attentive(Network network) {
      this(network, 1);
    }

    @Override
    public List<ParameterSpec> parameters(Shape in, int experts, ExpertSpec expert) {
      List<ParameterSpec> all =
          new ArrayList<>(
              network.parameters(PREFIX, in, 1).stream()
                  .filter(p -> !p.name().startsWith(PREFIX + ".head."))
                  .toList());
      int h = expert.width();
      int own = network.width();
      all.add(new ParameterSpec(PREFIX + ".query.weight", List.of(h, own), own));
      all.add(new ParameterSpec(PREFIX + ".key.weight", List.of(h, h), h));
      return List.copyOf(all);
    }
  }

  /**
   * No gate, the paper's first form: p = softmin(s / T) with s_e = -log2 o_e(x)[y], the
   * self-information of the true class y, plus N(0,1) noise while it trains. Who has no label
   * cannot use it: a gate is distilled afterwards.
   *
   * @param temperature T
   */
  record SelfInformation(double temperature) implements GateSpec {
    /** Checks the temperature. */
    public SelfInformation {
      requireTemperature(temperature);
    }

    @Override
    public boolean needsLabels() {
      return true;
    }
  }

  /**
   * No gate, the paper's second form: p = softmin(s / T) with s_e the entropy of o_e(x) in bits.
   *
   * @param temperature T
   */
  record Entropy(double temperature) implements GateSpec {
    /** Checks the temperature. */
    public Entropy {
      requireTemperature(temperature);
    }
  }

  /**
   * A gate of the user's own, that no exporter knows. Parameters {@code gate.NAME}.
   *
   * @param own its class
   * @param temperature T, which it is given with each batch
   * @param parameters what it has, by its own names
   */
  record Own(OwnClass own, double temperature, List<ParameterSpec> parameters) implements GateSpec {
    /** Checks temperature and parameters. */
    public Own {
      requireTemperature(temperature);
      parameters = ParameterSpec.requireUsable(own.type(), parameters);
    }

    @Override
    public List<ParameterSpec> parameters(Shape in, int experts, ExpertSpec expert) {
      return parameters.stream().map(p -> p.under(PREFIX)).toList();
    }
  }

  private static void requireTemperature(double temperature) {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new BadInput("temperature must be above 0; temperature=" + temperature);
    }
  }
}
