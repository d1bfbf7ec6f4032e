package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;

/**
 * p = softmax(g(x)), [B, M].
 *
 * @param network g, its head having M outputs
 */
record SoftmaxGate(NetworkForward network) implements Gate {
  @Override
  public GateOutput forward(NDArray x, NDArray hidden) {
    return GateOutput.softmax(network.head(network.trunk(x)));
  }
}
