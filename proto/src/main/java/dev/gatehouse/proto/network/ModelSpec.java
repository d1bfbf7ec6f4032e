package dev.gatehouse.proto.network;

import dev.gatehouse.proto.BadInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The architecture of a mixture, or of a single model (one expert, no gate).
 *
 * @param input a row
 * @param classes names of the classes, in the order of the outputs
 * @param experts number of experts, M
 * @param expert what every expert is, with weights of its own: a network, expert e answering the
 *     softmax of its head, or a class of the user's own
 * @param gate the gate
 */
public record ModelSpec(
    InputSpec input, List<String> classes, int experts, ExpertSpec expert, GateSpec gate) {
  /** Checks that the parts fit together and every shape can be made. */
  public ModelSpec {
    classes = List.copyOf(classes);
    if (classes.size() < 2 || Set.copyOf(classes).size() != classes.size()) {
      throw new BadInput(
          "a model needs two or more classes of different names; classes=" + classes);
    }
    if (experts < 1) {
      throw new BadInput("experts must be at least 1; experts=" + experts);
    }
    if (gate instanceof GateSpec.None && experts != 1) {
      throw new BadInput("a model without a gate has one expert; experts=" + experts);
    }
    expert.parameters(expertPrefix(0), input.networkShape(), classes.size());
    gate.parameters(input.networkShape(), experts, expert);
  }

  /**
   * The experts' network.
   *
   * @throws BadInput when they are of a class of the user's own
   */
  public Network network() {
    if (expert instanceof ExpertSpec.Own own) {
      throw new BadInput("experts of class " + own.own().type() + " have no network of layers");
    }
    return (Network) expert;
  }

  /** Names of the user's own classes that this model needs; empty where it needs none. */
  public List<String> ownClasses() {
    List<String> names = new ArrayList<>();
    if (expert instanceof ExpertSpec.Own own) {
      names.add(own.own().type());
    }
    if (gate instanceof GateSpec.Own own) {
      names.add(own.own().type());
    }
    return List.copyOf(names);
  }

  /** The prefix of expert {@code e}'s parameters. */
  public static String expertPrefix(int e) {
    return "experts." + e;
  }

  /** Parameters of expert {@code e}. */
  public List<ParameterSpec> expertParameters(int e) {
    return expert.parameters(expertPrefix(e), input.networkShape(), classes.size());
  }

  /** Parameters of the gate; empty without one. */
  public List<ParameterSpec> gateParameters() {
    return gate.parameters(input.networkShape(), experts, expert);
  }

  /** Every parameter: the gate's, then each expert's. */
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> all = new ArrayList<>(gateParameters());
    for (int e = 0; e < experts; e++) {
      all.addAll(expertParameters(e));
    }
    return List.copyOf(all);
  }

  /**
   * Checks a routing rule against this model.
   *
   * @return {@code rule}
   * @throws BadInput when the rule asks for more experts than there are, or is certified and the
   *     gate cannot tell the experts before any of them ran
   */
  public RoutingRule servable(RoutingRule rule) {
    if (rule instanceof RoutingRule.TopK top && top.k() > experts) {
      throw new BadInput(
          "top_k must be in [1, experts]; top_k=" + top.k() + ", experts=" + experts);
    }
    gate.requireServable(rule);
    return rule;
  }

  /**
   * True when rows run only the experts that {@code rule} chooses: the gate can tell them before
   * any expert ran. Otherwise every expert runs for every row, and the rule says whose answers
   * count.
   */
  public boolean runsSparsely(RoutingRule rule) {
    return !(rule instanceof RoutingRule.Dense) && gate.sparse();
  }
}
