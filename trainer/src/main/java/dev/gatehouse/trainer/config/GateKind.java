package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Network.Tap;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.Locale;

/** The gates of arXiv 2302.14703, and the noisy one of arXiv 1701.06538. */
public enum GateKind {
  /** A single model: one expert that answers every row. */
  NONE,
  /** p = softmax(g(x)); served sparsely. */
  SOFTMAX,
  /** The softmax gate with noise while it trains; served sparsely. */
  NOISY,
  /**
   * p = softmax(q . K_e / sqrt(h)), keys from the experts; every expert runs, or it is distilled.
   */
  ATTENTIVE,
  /** No gate: the expert that is surest of the true class. Not served; distilled. */
  SELF_INFORMATION,
  /** No gate: the expert whose answer has the least entropy; every expert runs. */
  ENTROPY;

  /**
   * The description of a gate of this kind, whose last hidden layer is read at {@link #tap}.
   *
   * @param network its layers, where it has some
   * @param temperature the one it is served with
   */
  public GateSpec spec(Network network, double temperature) {
    return exactly(new Network(network.trunk(), tap()), temperature);
  }

  /** As {@link #spec}, the last hidden layer read where {@code network} says. */
  GateSpec exactly(Network network, double temperature) {
    return switch (this) {
      case NONE -> new GateSpec.None();
      case SOFTMAX, NOISY -> new GateSpec.Softmax(network, temperature, this == NOISY);
      case ATTENTIVE -> new GateSpec.Attentive(network, temperature);
      case SELF_INFORMATION -> new GateSpec.SelfInformation(temperature);
      case ENTROPY -> new GateSpec.Entropy(temperature);
    };
  }

  /**
   * Where the last hidden layer is read when nothing is said: the authors' attentive gate reads its
   * query before the ReLU, unlike a plain gate's head.
   */
  Tap tap() {
    return this == ATTENTIVE ? Tap.BEFORE_RELU : Tap.AFTER_RELU;
  }

  /** False where the gate's probabilities pass no gradient on. */
  boolean learns() {
    return this != SELF_INFORMATION && this != ENTROPY;
  }

  /** The rule that a gate of this kind is served under when none is named. */
  public RoutingRule serving(RoutingRule training) {
    boolean plain = this == SOFTMAX || this == NOISY;
    return plain && training instanceof RoutingRule.Dense ? new RoutingRule.TopK(1) : training;
  }

  /** The name as flags and files take it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
