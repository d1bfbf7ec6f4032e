package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.network.InputSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Experts under a gate. The experts and the gate may be of any kind, the caller's own as well.
 *
 * @param input what a raw row is; rows are normalised on the device
 * @param experts the experts, M of them
 * @param gate weighs them
 */
public record Mixture(InputSpec input, Experts experts, Gate gate) {
  /** A mixture of experts that are asked one after another. */
  public Mixture(InputSpec input, List<Expert> experts, Gate gate) {
    this(input, new ExpertLoop(experts), gate);
  }

  /**
   * Answers a batch.
   *
   * @param raw [B, shape of a row] raw rows, bytes or floats
   * @param labels [B] 64-bit true classes; null where they are not known
   */
  public MixtureOutput forward(NDArray raw, @Nullable NDArray labels, Pass pass) {
    NDArray x = new Normalisation(input).apply(raw);
    ExpertAnswers answers = experts.forward(x, pass);
    return new MixtureOutput(x, gate.forward(new GateInput(x, answers, labels, pass)), answers);
  }
}
