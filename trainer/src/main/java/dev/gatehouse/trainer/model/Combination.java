package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.network.RoutingRule;

/**
 * How gate probabilities and experts' answers become one answer while a mixture trains.
 *
 * <ul>
 *   <li>dense (the paper's expectation): y = sum_e p_e o_e
 *   <li>top-k, k of 2 and more: the weights are the softmax over the kept logits, which is p_e over
 *       the sum of the kept p; the gradient flows through both
 *   <li>top-1: y = p_e o_e with p_e of the full softmax. The softmax over one kept logit is the
 *       constant 1 and would leave the gate without a gradient. It is served as y = o_e, and
 *       trained so where the gate passes no gradient on.
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
    return weights.expandDims(1).batchMatMul(experts).squeeze(1);
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
    return weights.expandDims(2).mul(answers).sum(new int[] {1});
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
