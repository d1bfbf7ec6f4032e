package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.trainer.model.Execution.Form;
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
public record Mixture(InputSpec input, Experts experts, Gate gate) {
  /** A mixture of experts that are asked one after another. */
  public Mixture(InputSpec input, List<Expert> experts, Gate gate) {
    this(input, new ExpertLoop(experts), gate);
  }

  /**
   * The mixture that {@code spec} describes, for one forward pass.
   *
   * @param execution how its networks are run
   * @param parameters finds the arrays that {@code execution} needs, by their names
   */
  static Mixture of(ModelSpec spec, Execution execution, Function<String, NDArray> parameters) {
    SharedInput shared = new SharedInput();
    return new Mixture(
        spec.input(),
        experts(spec, execution, parameters, shared),
        gate(spec.gate(), execution.gate(), parameters, shared));
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

  private static Experts experts(
      ModelSpec spec,
      Execution execution,
      Function<String, NDArray> parameters,
      SharedInput shared) {
    if (execution.experts() == Form.ROWS_LAST) {
      List<NetworkStack> stacks = new ArrayList<>();
      for (int from = 0; from < spec.experts(); from += execution.group()) {
        int to = Math.min(spec.experts(), from + execution.group());
        String prefix = ParameterLayout.prefix(from, to - 1);
        stacks.add(new NetworkStack(spec.expert(), to - from, prefix, parameters, shared));
      }
      return new StackedExperts(stacks);
    }
    List<Expert> experts = new ArrayList<>();
    for (int e = 0; e < spec.experts(); e++) {
      experts.add(
          new NetworkExpert(
              new NetworkForward(
                  spec.expert(),
                  Form.CHANNELS_LAST,
                  ModelSpec.expertPrefix(e),
                  parameters,
                  shared)));
    }
    return new ExpertLoop(experts);
  }

  private static Gate gate(
      GateSpec spec, Form form, Function<String, NDArray> parameters, SharedInput shared) {
    if (spec instanceof GateSpec.Softmax softmax) {
      NetworkForward network =
          new NetworkForward(softmax.network(), form, GateSpec.PREFIX, parameters, shared);
      return softmax.noisy()
          ? new NoisyGate(
              network,
              parameters.apply(GateSpec.PREFIX + ".noise.weight"),
              parameters.apply(GateSpec.PREFIX + ".noise.bias"))
          : new SoftmaxGate(network);
    }
    if (spec instanceof GateSpec.Attentive attentive) {
      return new AttentiveGate(
          new NetworkForward(attentive.network(), form, GateSpec.PREFIX, parameters, shared),
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
