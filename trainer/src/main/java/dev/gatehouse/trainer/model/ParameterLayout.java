package dev.gatehouse.trainer.model;

import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ParameterSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The order of parameters in one flat vector: those that train come first, and of them the gate's,
 * so that an optimiser works on one or two runs of memory; then those that do not train.
 *
 * @param trained what trains, in the order of the vector
 * @param fixed what does not train, behind them
 */
record ParameterLayout(List<ParameterSpec> trained, List<ParameterSpec> fixed) {
  /** Lays out {@code specs}, keeping their order wherever the rule above leaves it open. */
  static ParameterLayout of(List<ParameterSpec> specs, Predicate<String> trains) {
    List<ParameterSpec> trained = new ArrayList<>();
    List<ParameterSpec> fixed = new ArrayList<>();
    specs.forEach(spec -> (trains.test(spec.name()) ? trained : fixed).add(spec));
    trained.sort(Comparator.comparing(spec -> !isGate(spec)));
    return new ParameterLayout(List.copyOf(trained), List.copyOf(fixed));
  }

  /** All parameters in the order of the vector. */
  List<ParameterSpec> all() {
    List<ParameterSpec> all = new ArrayList<>(trained);
    all.addAll(fixed);
    return all;
  }

  /** Elements of the gate's parameters that train. */
  int gateElements() {
    return elements(trained.stream().filter(ParameterLayout::isGate).toList());
  }

  /** Elements of {@code specs}. */
  static int elements(List<ParameterSpec> specs) {
    return specs.stream().mapToInt(ParameterSpec::elements).sum();
  }

  private static boolean isGate(ParameterSpec spec) {
    return spec.name().startsWith(GateSpec.PREFIX + ".");
  }
}
