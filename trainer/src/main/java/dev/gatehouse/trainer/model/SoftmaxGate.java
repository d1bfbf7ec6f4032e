package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;

/**
 * p = softmax(g(x) / T), [B, M].
 *
 * @param network g, its head having M outputs
 */
record SoftmaxGate(NetworkForward network) implements Gate {
  @Override
  public GateOutput forward(GateInput input) {
    NDArray hidden = network.trunk(input.x(), input.pass());
    return GateOutput.softmax(network.head(hidden), input.pass().temperature());
  }
}
