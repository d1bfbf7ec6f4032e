package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.network.RoutingRule;

/**
 * What a mixture says of a batch, before its experts are combined.
 *
 * @param x [B, shape of a row] normalised rows
 * @param gate how the experts are weighed
 * @param experts what each of them says
 */
public record MixtureOutput(NDArray x, GateOutput gate, ExpertAnswers experts) {
  /** The class probabilities y [B, C] under {@code rule}, as they are trained. */
  public NDArray combined(RoutingRule rule) {
    return Combination.combined(rule, gate, experts.probabilities());
  }
}
