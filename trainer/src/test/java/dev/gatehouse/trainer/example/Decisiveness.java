package dev.gatehouse.trainer.example;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.trainer.array.Scaled;
import dev.gatehouse.trainer.loss.Regulariser;
import dev.gatehouse.trainer.loss.Routed;

/**
 * mean_x H(p(x)) - balance H(mean_x p(x)), in nats: a gate that is sure of each row and yet uses
 * every expert. With balance 1 it is -I(E;X), the information that the expert has of the row.
 */
record Decisiveness(double balance) implements Regulariser {
  @Override
  public NDArray of(Routed routed) {
    NDArray p = routed.probabilities();
    NDArray sure = entropy(p).mean();
    NDArray used = entropy(p.mean(new int[] {0}, true)).mean();
    return sure.sub(Scaled.by(used, balance));
  }

  /** H [B] of rows of probabilities [B, M]. */
  private static NDArray entropy(NDArray p) {
    return p.mul(p.add(1e-12f).log()).sum(new int[] {1}).neg();
  }
}
