package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Experts under a gate. The experts and the gate may be of any kind, the caller's own as well.
 *
 * @param input what a raw row is; rows are normalised on the device
 * @param experts the experts, M of them
 * @param gate weighs them
 */
public record Mixture(InputSpec input, List<Expert> experts, Gate gate) {
  /** Copies the list. */
  public Mixture {
    experts = List.copyOf(experts);
  }

  /**
   * The mixture that {@code spec} describes.
   *
   * @param parameters finds a parameter's array by its name
   */
  public static Mixture of(ModelSpec spec, Function<String, NDArray> parameters) {
    List<Expert> experts = new ArrayList<>();
    for (int e = 0; e < spec.experts(); e++) {
      experts.add(
          new NetworkExpert(
              new NetworkForward(spec.expert(), ModelSpec.expertPrefix(e), parameters)));
    }
    return new Mixture(spec.input(), experts, gate(spec.gate(), parameters));
  }

  /**
   * Answers a batch.
   *
   * @param raw [B, shape of a row] raw rows, bytes or floats
   * @param labels [B] 64-bit true classes; null where they are not known
   */
  public MixtureOutput forward(NDArray raw, @Nullable NDArray labels, Pass pass) {
    NDArray x = new Normalisation(input).apply(raw);
    NDList logits = new NDList();
    NDList hidden = new NDList();
    for (Expert expert : experts) {
      ExpertOutput output = expert.forward(x, pass);
      logits.add(output.logits());
      hidden.add(output.hidden());
    }
    ExpertAnswers answers = ExpertAnswers.of(NDArrays.stack(logits, 1), NDArrays.stack(hidden, 1));
    return new MixtureOutput(x, gate.forward(new GateInput(x, answers, labels, pass)), answers);
  }

  private static Gate gate(GateSpec spec, Function<String, NDArray> parameters) {
    if (spec instanceof GateSpec.Softmax softmax) {
      NetworkForward network = new NetworkForward(softmax.network(), GateSpec.PREFIX, parameters);
      return softmax.noisy()
          ? new NoisyGate(
              network,
              parameters.apply(GateSpec.PREFIX + ".noise.weight"),
              parameters.apply(GateSpec.PREFIX + ".noise.bias"))
          : new SoftmaxGate(network);
    }
    if (spec instanceof GateSpec.Attentive attentive) {
      return new AttentiveGate(
          new NetworkForward(attentive.network(), GateSpec.PREFIX, parameters),
          parameters.apply(GateSpec.PREFIX + ".query.weight"),
          parameters.apply(GateSpec.PREFIX + ".key.weight"));
    }
    if (spec instanceof GateSpec.SelfInformation) {
      return new SelfInformationGate();
    }
    if (spec instanceof GateSpec.Entropy) {
      return new EntropyGate();
    }
    return new NoGate();
  }
}
