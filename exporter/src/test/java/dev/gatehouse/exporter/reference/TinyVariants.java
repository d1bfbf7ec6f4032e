package dev.gatehouse.exporter.reference;

import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.Random;

/** A small model of each form that can be served. */
public enum TinyVariants {
  /** Softmax gate, top-k. */
  PLAIN(true),
  /** Batch normalisation in experts and gate, and convolutions without bias. */
  NORMALISED(true),
  /** A gate that was trained with noise. */
  NOISY(true),
  /** A softmax gate, experts until the class is certain. */
  CERTIFIED(true),
  /** A softmax gate whose every expert answers. */
  SOFTMAX_DENSE(false),
  /** The attentive gate, every expert in the answer. */
  ATTENTIVE(false),
  /** The attentive gate, the answer made by the k experts that it chooses. */
  ATTENTIVE_TOP_K(false),
  /** No gate but the experts' entropies, every expert in the answer. */
  ENTROPY(false),
  /** No gate but the experts' entropies, the answer made by k experts. */
  ENTROPY_TOP_K(false);

  private final boolean sparse;

  TinyVariants(boolean sparse) {
    this.sparse = sparse;
  }

  /** Whether rows run the chosen experts alone. */
  public boolean sparse() {
    return sparse;
  }

  /** The rule of this variant for {@code k} experts a row. */
  public RoutingRule rule(int k) {
    return switch (this) {
      case SOFTMAX_DENSE, ATTENTIVE, ENTROPY -> new RoutingRule.Dense();
      case CERTIFIED -> new RoutingRule.Certified();
      default -> new RoutingRule.TopK(k);
    };
  }

  /** A model over {@link TinyModels#grey} images, its temperature among what is drawn. */
  public ModelSpec model(int experts, Random random) {
    InputSpec input = TinyModels.grey();
    // Random weights make an attentive gate's scores so large that a float's steps would show.
    boolean attentive = this == ATTENTIVE || this == ATTENTIVE_TOP_K;
    double temperature = (attentive ? 12 : 0.4) + 2 * random.nextDouble();
    boolean normalised = this == NORMALISED || (this != PLAIN && random.nextBoolean());
    Network network = normalised ? TinyModels.normalisedGate() : TinyModels.gate();
    GateSpec gate =
        switch (this) {
          case PLAIN, NORMALISED, CERTIFIED, SOFTMAX_DENSE ->
              new GateSpec.Softmax(network, temperature, false);
          case NOISY -> new GateSpec.Softmax(network, temperature, true);
          case ATTENTIVE, ATTENTIVE_TOP_K -> new GateSpec.Attentive(network, temperature);
          case ENTROPY, ENTROPY_TOP_K -> new GateSpec.Entropy(temperature);
        };
    return normalised
        ? TinyModels.normalised(input, experts, gate)
        : TinyModels.mixture(input, experts, gate);
  }

  /**
   * A run of this variant with three experts, of which {@code k} answer, and every expert takes its
   * share of the rows.
   */
  public TinyRun run(int k, long seed) {
    String id = name().toLowerCase(java.util.Locale.ROOT) + "-" + k;
    return TinyRun.spread(id, model(3, new Random(seed)), rule(k), seed);
  }
}
