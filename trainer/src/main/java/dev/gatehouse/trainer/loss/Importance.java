package dev.gatehouse.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.trainer.array.Scaled;

/**
 * L_importance = w (std(I) / mean(I))^2 with I_e = sum_x p_e(x), std with Bessel's correction
 * (arXiv 2302.14703): balances how much the experts are used, whatever the rows are. Zero for one
 * expert.
 *
 * @param weight w
 */
public record Importance(double weight) implements Regulariser {
  @Override
  public NDArray of(Routed routed) {
    NDArray p = routed.probabilities();
    long experts = p.getShape().get(1);
    NDArray importance = p.sum(new int[] {0});
    NDArray mean = importance.mean();
    double scale = weight / Math.max(1, experts - 1);
    return Scaled.by(importance.sub(mean).square(), scale).sum().div(mean.square());
  }
}
