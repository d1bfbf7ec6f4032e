package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.trainer.array.Scaled;

/**
 * How gate probabilities and experts' answers become one answer while a mixture trains.
 *
 * <ul>
 *   <li>dense (the paper's expectation): y = sum_e p_e o_e
 *   <li>top-k, k of 2 and more: the weights are the softmax over the kept logits, which is p_e over
 *       the sum of the kept p; the gradient flows through both
 *   <li>top-1: y = p_e o_e + (1 - p_e) / C with p_e of the full softmax: what the gate does not
 *       give to the chosen expert goes to all classes alike. The softmax over one kept logit is the
 *       constant 1 and would leave the gate without a gradient; and y = p_e o_e alone would always
 *       ask for a larger p_e, whether the expert is right or not, so that the gate stays with its
 *       first choice. Here the gradient of p_e has the sign of o_e[target] - 1 / C. It is served as
 *       y = o_e, which names the same class, and trained so where the gate passes no gradient on.
 * </ul>
 */
public final class Combination {
  private Combination() {}

  /**
   * The class probabilities under {@code rule}.
   *
   * @param gate how the experts are weighed
   * @param experts [B, M, C] class probabilities of each expert
   * @return y [B, C]
   */
  public static NDArray combined(RoutingRule rule, GateOutput gate, NDArray experts) {
    NDArray weights =
        rule instanceof RoutingRule.TopK top ? kept(gate, top.k()) : gate.probabilities();
    NDArray y = weights.expandDims(1).batchMatMul(experts).squeeze(1);
    return rule instanceof RoutingRule.TopK top && top.k() == 1 && gate.learns()
        ? completed(y, weights.sum(new int[] {1}, true))
        : y;
  }

  /**
   * The class probabilities under a top-k rule, of answers by the chosen experts alone.
   *
   * @param chosen [B, k] experts, from {@link #top}
   * @param answers [B, k, C] class probabilities of the chosen experts
   * @return y [B, C], equal to {@link #combined}
   */
  static NDArray combinedChosen(GateOutput gate, NDArray chosen, NDArray answers) {
    long k = chosen.getShape().get(1);
    if (k == 1 && !gate.learns()) {
      return answers.squeeze(1);
    }
    NDArray kept = gate.probabilities().gather(chosen, 1);
    NDArray weights = k == 1 ? kept : kept.div(kept.sum(new int[] {1}, true));
    NDArray y = weights.expandDims(2).mul(answers).sum(new int[] {1});
    return k == 1 ? completed(y, weights) : y;
  }

  /** {@code y} [B, C] with 1 - {@code given} [B, 1] spread over all classes. */
  private static NDArray completed(NDArray y, NDArray given) {
    double share = 1.0 / y.getShape().get(1);
    return y.add(Scaled.by(given.neg().add(1), share));
  }

  /** The k experts of largest p, [B, k] 64-bit, of p [B, M]. */
  static NDArray top(NDArray p, int k) {
    return p.stopGradient().topK(k, 1, true, true).get(1);
  }

  /**
   * The k experts of largest p.
   *
   * @param p [B, M] gate probabilities
   * @return [B, M] 1 for a chosen expert, 0 for the others
   */
  public static NDArray chosen(NDArray p, int k) {
    int experts = (int) p.getShape().get(1);
    return top(p, k).oneHot(experts, p.getDataType()).sum(new int[] {1});
  }

  private static NDArray kept(GateOutput gate, int k) {
    NDArray p = gate.probabilities();
    NDArray mask = chosen(p, k);
    if (k == 1 && !gate.learns()) {
      return mask;
    }
    NDArray kept = p.mul(mask);
    return k == 1 ? kept : kept.div(kept.sum(new int[] {1}, true));
  }
}
