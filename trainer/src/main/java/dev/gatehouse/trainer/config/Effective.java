package dev.gatehouse.trainer.config;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.run.OwnRegularizer;
import dev.gatehouse.proto.run.Regularizers;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.Training;
import java.util.LinkedHashMap;
import java.util.Map;

/** Refuses settings that would be taken and change nothing. */
final class Effective {
  private Effective() {}

  /**
   * Checks a loss.
   *
   * @throws BadInput when it does not look at the softmax over the mixture's output that is asked
   *     for
   */
  static void requireLoss(Training training) {
    if (training.mixtureSoftmax() && training.loss() == Training.Loss.STOCHASTIC) {
      throw new BadInput(
          "mixture_softmax is a softmax over the mixture's output, which loss stochastic does not"
              + " look at; leave it out, or take loss cross_entropy or expert_loss");
    }
  }

  /**
   * Checks regularisers.
   *
   * @throws BadInput when one has a weight under a gate that passes no gradient on
   */
  static void requireRegularizers(GateKind gate, Regularizers regularizers) {
    if (gate.learns()) {
      return;
    }
    weights(regularizers)
        .forEach(
            (name, weight) -> {
              if (weight.values().stream().anyMatch(value -> value > 0)) {
                throw new BadInput(
                    "regularizers.%s acts on the gate, and gate %s passes no gradient on;"
                            .formatted(name, gate)
                        + " set it to 0; %s=%s".formatted(name, weight));
              }
            });
  }

  private static Map<String, Schedule> weights(Regularizers regularizers) {
    Map<String, Schedule> weights = new LinkedHashMap<>();
    weights.put("importance", regularizers.importance());
    weights.put("beta_same", regularizers.betaSame());
    weights.put("beta_different", regularizers.betaDifferent());
    weights.put("load_balance", regularizers.loadBalance());
    weights.put("z_loss", regularizers.zLoss());
    for (OwnRegularizer own : regularizers.own()) {
      weights.put(own.type(), own.weight());
    }
    return weights;
  }
}
