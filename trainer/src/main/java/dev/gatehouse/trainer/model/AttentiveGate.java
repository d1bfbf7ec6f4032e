package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.core.Linear;
import dev.gatehouse.trainer.array.Scaled;

/**
 * The attentive gate of arXiv 2302.14703: with q = W_q g_h(x) and keys K_e = W_k k_e(x), a_e = q .
 * K_e / sqrt(h) and p = softmax(a / T), [B, M].
 *
 * @param network g, read at its last hidden layer [B, width of g]
 * @param query W_q [h, width of g]
 * @param key W_k [h, h]
 */
record AttentiveGate(NetworkForward network, NDArray query, NDArray key) implements Gate {
  @Override
  public GateOutput forward(GateInput input) {
    NDArray hidden = input.needExperts().hidden();
    NDArray gateBG = network.tapped(network.trunk(input.x(), input.pass()));
    NDArray queryBH = Linear.linear(gateBG, query).singletonOrThrow();
    NDArray keyBMH = Linear.linear(hidden, key).singletonOrThrow();
    double scale = 1 / Math.sqrt((double) hidden.getShape().get(2));
    NDArray scoresBM = Scaled.by(keyBMH.batchMatMul(queryBH.expandDims(2)).squeeze(2), scale);
    return GateOutput.softmax(scoresBM, input.pass().temperature());
  }
}
