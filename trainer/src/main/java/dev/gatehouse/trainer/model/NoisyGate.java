package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;

/**
 * The noisy gate of arXiv 1701.06538 (equation 4): while it trains, p = softmax((g(x) + z
 * softplus(n(x))) / T) with z from N(0,1), n a second head on g's last hidden layer; served without
 * the noise.
 *
 * @param network g, its head having M outputs
 * @param weight of the noise head [M, width of g]
 * @param bias of the noise head [M]
 */
record NoisyGate(NetworkForward network, NDArray weight, NDArray bias) implements Gate {
  @Override
  public GateOutput forward(GateInput input) {
    Pass pass = input.pass();
    NDArray hidden = network.trunk(input.x(), pass);
    NDArray scores = network.head(hidden);
    if (pass.training()) {
      NDArray deviation =
          Activation.softPlus(
              Linear.linear(Activation.relu(hidden), weight, bias).singletonOrThrow());
      scores = scores.add(deviation.mul(pass.normal(input.x().getManager(), scores.getShape())));
    }
    return GateOutput.softmax(scores, pass.temperature());
  }
}
