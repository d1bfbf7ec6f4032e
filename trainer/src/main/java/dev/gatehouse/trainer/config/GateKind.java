package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Network.Tap;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.Locale;

/** The gates of arXiv 2302.14703. */
public enum GateKind {
  /** A single model: one expert that answers every row. */
  NONE,
  /** p = softmax(g(x)); served sparsely. */
  SOFTMAX,
  /** p = softmax(q . K_e / sqrt(h)), keys from the experts; served dense, or distilled. */
  ATTENTIVE;

  /** The description of a gate of this kind with the layers of {@code network}. */
  public GateSpec spec(Network network) {
    return switch (this) {
      case NONE -> new GateSpec.None();
      case SOFTMAX -> new GateSpec.Softmax(new Network(network.trunk(), Tap.AFTER_RELU));
      // The authors' attentive gate reads its query before the ReLU, unlike a plain gate's head.
      case ATTENTIVE -> new GateSpec.Attentive(new Network(network.trunk(), Tap.BEFORE_RELU));
    };
  }

  /** The rule that a gate of this kind is served under when none is named. */
  public RoutingRule serving(RoutingRule training) {
    if (this != SOFTMAX) {
      return new RoutingRule.Dense();
    }
    return training instanceof RoutingRule.TopK ? training : new RoutingRule.TopK(1);
  }

  /** The name as flags take it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
