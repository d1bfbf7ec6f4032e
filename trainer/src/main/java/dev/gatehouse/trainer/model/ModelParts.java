package dev.gatehouse.trainer.model;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.network.ExpertSpec;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.trainer.model.Execution.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * The experts and the gate of a model that is given by its description, for one forward pass.
 *
 * @param spec the description
 * @param execution how the networks are run
 * @param parameters finds the arrays that {@code execution} needs, by their names
 * @param own what of them is of classes of the user's own
 * @param shared what networks make of the same rows
 */
record ModelParts(
    ModelSpec spec,
    Execution execution,
    Function<String, NDArray> parameters,
    OwnParts own,
    SharedInput shared) {
  /** The parts of a pass of its own. */
  static ModelParts of(
      ModelSpec spec, Execution execution, Function<String, NDArray> parameters, OwnParts own) {
    return new ModelParts(spec, execution, parameters, own, new SharedInput());
  }

  /** All of them. */
  Mixture mixture() {
    return new Mixture(spec.input(), experts(), gate());
  }

  /** The experts one by one; their parameters must not be joined. */
  List<Expert> each() {
    List<Expert> experts = new ArrayList<>();
    for (int e = 0; e < spec.experts(); e++) {
      experts.add(expert(ModelSpec.expertPrefix(e)));
    }
    return experts;
  }

  private Expert expert(String prefix) {
    if (spec.expert() instanceof ExpertSpec.Own described) {
      Expert made = Objects.requireNonNull(own.expert()).expert(under(prefix));
      return OwnAnswers.checked(described, made, spec.classes().size());
    }
    return new NetworkExpert(network(spec.network(), execution.experts(), prefix));
  }

  private Function<String, NDArray> under(String prefix) {
    return name -> parameters.apply(prefix + "." + name);
  }

  private Experts experts() {
    if (execution.experts() == Form.CHANNELS_LAST) {
      return new ExpertLoop(each());
    }
    List<NetworkStack> stacks = new ArrayList<>();
    for (int from = 0; from < spec.experts(); from += execution.group()) {
      int to = Math.min(spec.experts(), from + execution.group());
      String prefix = ParameterLayout.prefix(from, to - 1);
      stacks.add(new NetworkStack(spec.network(), to - from, prefix, parameters, shared));
    }
    return new StackedExperts(stacks);
  }

  private NetworkForward network(Network network, Form form, String prefix) {
    return new NetworkForward(network, form, prefix, parameters, shared);
  }

  /** The gate. */
  Gate gate() {
    GateSpec gate = spec.gate();
    if (gate instanceof GateSpec.Softmax softmax) {
      NetworkForward network = network(softmax.network(), execution.gate(), GateSpec.PREFIX);
      return softmax.noisy()
          ? new NoisyGate(
              network,
              parameters.apply(GateSpec.PREFIX + ".noise.weight"),
              parameters.apply(GateSpec.PREFIX + ".noise.bias"))
          : new SoftmaxGate(network);
    }
    if (gate instanceof GateSpec.Attentive attentive) {
      return new AttentiveGate(
          network(attentive.network(), execution.gate(), GateSpec.PREFIX),
          parameters.apply(GateSpec.PREFIX + ".query.weight"),
          parameters.apply(GateSpec.PREFIX + ".key.weight"));
    }
    if (gate instanceof GateSpec.SelfInformation) {
      return new SelfInformationGate();
    }
    if (gate instanceof GateSpec.Entropy) {
      return new EntropyGate();
    }
    if (gate instanceof GateSpec.Own described) {
      Gate made = Objects.requireNonNull(own.gate()).gate(under(GateSpec.PREFIX));
      return OwnAnswers.checked(described, made, spec.experts());
    }
    if (gate instanceof GateSpec.None) {
      return new NoGate();
    }
    throw new AssertionError("no such gate: " + gate);
  }
}
