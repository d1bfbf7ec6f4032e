package dev.gatehouse.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.trainer.array.Scaled;

/**
 * The load-balance loss of arXiv 2101.03961 (equations 4 to 6): weight M sum_e f_e P_e, f_e the
 * share of the batch's choices that fall on expert e, P_e its mean gate probability. At least the
 * weight, when both are even.
 *
 * @param weight the factor alpha
 */
public record LoadBalance(double weight) implements Regulariser {
  @Override
  public NDArray of(Routed routed) {
    long experts = routed.probabilities().getShape().get(1);
    NDArray share = routed.choice().get().mean(new int[] {0});
    NDArray choices = share.sum();
    NDArray mass = routed.probabilities().mean(new int[] {0});
    return Scaled.by(share.mul(mass), weight * experts).sum().div(choices);
  }
}
