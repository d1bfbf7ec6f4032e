package dev.gatehouse.trainer.experiment;

import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Training;

/** Which of a run's figures stand for its method: how the paper reads its outputs. */
public enum View {
  /** The expectation y = sum_e p_e o_e, entropies of the gate's probabilities. */
  DENSE,
  /** The answer under the rule it trains with, entropies of the weights that are kept. */
  SERVED,
  /** The argmax expert alone, entropies of the counts: H_s is 0. */
  ARGMAX,
  /** The argmax expert alone, entropies of the gate's probabilities. */
  ARGMAX_OF_GATE;

  /** What the paper reads off a model trained so. */
  static View of(Training training) {
    if (training.loss() != Training.Loss.CROSS_ENTROPY) {
      return ARGMAX;
    }
    return training.rule() instanceof RoutingRule.TopK ? SERVED : DENSE;
  }
}
