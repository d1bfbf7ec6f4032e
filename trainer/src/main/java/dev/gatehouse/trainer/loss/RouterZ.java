package dev.gatehouse.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.trainer.array.Scaled;

/**
 * The router z-loss of arXiv 2202.08906 (equation 5): weight mean_x (log sum_e exp g_e)^2, which
 * keeps the gate's logits small.
 *
 * @param weight the factor c_z
 */
public record RouterZ(double weight) implements Regulariser {
  @Override
  public NDArray of(Routed routed) {
    NDArray logits = routed.logits();
    NDArray largest = logits.stopGradient().max(new int[] {1}, true);
    NDArray logSum = logits.sub(largest).exp().sum(new int[] {1}, true).log().add(largest);
    return Scaled.by(logSum.square(), weight).mean();
  }
}
