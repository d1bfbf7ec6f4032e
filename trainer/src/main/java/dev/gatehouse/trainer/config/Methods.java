package dev.gatehouse.trainer.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The methods of arXiv 2302.14703 with the authors' weight decay, and the noisy top-k gate as the
 * field uses it. Regularisers are added to them by their weights.
 */
public final class Methods {
  /** Under the softmax gate; the authors' training of attentive gates has none. */
  private static final double DECAY = 1e-3;

  private static final String ATTENTIVE = "attentive";

  private static final List<Preset> ALL =
      List.of(
          single(),
          method("original", "expectation of the experts under a softmax gate", "softmax", "dense"),
          method(ATTENTIVE, "expectation under the attentive gate", ATTENTIVE, "dense"),
          stochastic("stochastic", "softmax"),
          stochastic("attentive-stochastic", ATTENTIVE),
          method("top-1", "softmax gate, one expert a row", "softmax", "top-1"),
          method("top-2", "softmax gate, two experts a row", "softmax", "top-2"),
          method("attentive-top-1", "attentive gate, one expert a row", ATTENTIVE, "top-1"),
          method("attentive-top-2", "attentive gate, two experts a row", ATTENTIVE, "top-2"),
          lossGate(),
          noGate(
              "no-gate-self-information",
              "no gate: the expert that is surest of the true class; to be distilled",
              Map.of("gate", "self_information")),
          entropy(),
          noisy("noisy-top-1", "top-1"),
          noisy("noisy-top-2", "top-2"));

  private Methods() {}

  /** All methods. */
  public static List<Preset> all() {
    return ALL;
  }

  /**
   * The method called {@code name}.
   *
   * @throws dev.gatehouse.proto.BadInput when there is none
   */
  public static Preset named(String name) {
    return Preset.named("method", ALL, name);
  }

  private static Preset method(String name, String about, String gate, String rule) {
    return new Preset(name, about, settings(gate, rule, decay(gate)));
  }

  private static double decay(String gate) {
    return gate.equals(ATTENTIVE) ? 0 : DECAY;
  }

  private static Preset single() {
    Map<String, Object> settings = settings("none", "dense", 1e-6);
    settings.put("experts", 1);
    return new Preset("single", "one network of the expert's architecture", settings);
  }

  private static Preset stochastic(String name, String gate) {
    Map<String, Object> settings = settings(gate, "top-1", decay(gate));
    settings.put("training.loss", "stochastic");
    return new Preset(name, gate + " gate trained with the stochastic loss", settings);
  }

  private static Preset lossGate() {
    Map<String, Object> settings = settings("softmax", "top-1", DECAY);
    settings.put("training.loss", "expert_loss");
    return new Preset("loss-gate", "the gate learns to foretell each expert's loss", settings);
  }

  /**
   * The authors lower T while they train, and evaluate with 1; a gate served with 0.001 would
   * answer probabilities that rounding moves.
   */
  private static Preset entropy() {
    return noGate(
        "no-gate-entropy",
        "no gate: the expert whose answer has the least entropy",
        Map.of(
            "gate",
            "entropy",
            "training.loss",
            "stochastic",
            "training.temperature",
            "10|1|0.01|0.001",
            "serving_temperature",
            1.0));
  }

  private static Preset noGate(String name, String about, Map<String, Object> own) {
    Map<String, Object> settings = settings("entropy", "top-1", 0);
    settings.putAll(own);
    return new Preset(name, about, settings);
  }

  /** Weights as in arXiv 2101.03961 (load balance) and arXiv 2202.08906 (z-loss). */
  private static Preset noisy(String name, String rule) {
    Map<String, Object> settings = settings("noisy", rule, 0);
    settings.put("training.regularizers.load_balance", 0.01);
    settings.put("training.regularizers.z_loss", 0.001);
    return new Preset(name, "noisy gate with load-balance and z-loss, " + rule, settings);
  }

  private static Map<String, Object> settings(String gate, String rule, double decay) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("gate", gate);
    settings.put("training.rule", rule);
    settings.put("training.optimizer.weight_decay", decay);
    settings.put("training.regularizers.importance", 0.0);
    return settings;
  }
}
