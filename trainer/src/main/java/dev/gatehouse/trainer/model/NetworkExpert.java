package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;

/**
 * An expert given by a network's description.
 *
 * @param network the network with its parameters
 */
record NetworkExpert(NetworkForward network) implements Expert {
  @Override
  public ExpertOutput forward(NDArray x, Pass pass) {
    NDArray hidden = network.trunk(x, pass);
    return new ExpertOutput(network.head(hidden), network.tapped(hidden));
  }
}
