package dev.gatehouse.trainer.model;

import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.ParameterSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order of parameters in one flat vector.
 *
 * <p>What trains comes first, and of that the gate's, so that an optimiser works on one or two runs
 * of memory; what does not train comes last. Of the experts' parameters, the same one of all
 * experts lies together, expert by expert, so that one array serves an operation over several
 * experts.
 *
 * @param trained what trains, in the order of the vector: each entry is one parameter of the gate,
 *     or the same one of each expert
 * @param fixed what does not train, behind them
 */
record ParameterLayout(List<List<ParameterSpec>> trained, List<List<ParameterSpec>> fixed) {
  private static final Pattern EXPERT = Pattern.compile("experts\\.(\\d+)(\\..*)");

  /**
   * Lays out {@code specs}, keeping their order wherever the rules above leave it open.
   *
   * @param trains which of those that a gradient can reach are to train
   */
  static ParameterLayout of(List<ParameterSpec> specs, Predicate<String> trains) {
    Map<String, List<ParameterSpec>> gate = new LinkedHashMap<>();
    Map<String, List<ParameterSpec>> rest = new LinkedHashMap<>();
    Map<String, List<ParameterSpec>> fixed = new LinkedHashMap<>();
    for (ParameterSpec spec : specs) {
      Map<String, List<ParameterSpec>> part =
          !spec.trained() || !trains.test(spec.name()) ? fixed : isGate(spec) ? gate : rest;
      Matcher expert = EXPERT.matcher(spec.name());
      String key = expert.matches() ? expert.group(2) : spec.name();
      part.computeIfAbsent(key, k -> new ArrayList<>()).add(spec);
    }
    List<List<ParameterSpec>> trained = new ArrayList<>(gate.values());
    trained.addAll(rest.values());
    return new ParameterLayout(List.copyOf(trained), List.copyOf(fixed.values()));
  }

  /** Parameters one by one. */
  static List<ParameterSpec> flat(Collection<List<ParameterSpec>> parameters) {
    return parameters.stream().flatMap(List::stream).toList();
  }

  /** Elements of the gate's parameters that train. */
  int gateElements() {
    return elements(flat(trained).stream().filter(ParameterLayout::isGate).toList());
  }

  /** Elements of {@code specs}. */
  static int elements(List<ParameterSpec> specs) {
    return specs.stream().mapToInt(ParameterSpec::elements).sum();
  }

  /**
   * Parameters as arrays over {@code group} experts each; the last over what is left.
   *
   * @return specs in the order of the vector; an array over several experts is named {@code
   *     experts.FIRST-LAST.*} and has their first axes joined
   */
  static List<ParameterSpec> grouped(List<List<ParameterSpec>> parameters, int group) {
    List<ParameterSpec> grouped = new ArrayList<>();
    for (List<ParameterSpec> same : parameters) {
      for (int from = 0; from < same.size(); from += group) {
        grouped.add(joined(same.subList(from, Math.min(same.size(), from + group))));
      }
    }
    return grouped;
  }

  /** Prefix of arrays over the experts {@code first} to {@code last}. */
  static String prefix(int first, int last) {
    String one = ModelSpec.expertPrefix(first);
    return first == last ? one : one + "-" + last;
  }

  private static ParameterSpec joined(List<ParameterSpec> same) {
    ParameterSpec spec = same.get(0);
    Matcher first = EXPERT.matcher(spec.name());
    Matcher last = EXPERT.matcher(same.get(same.size() - 1).name());
    if (!first.matches() || !last.matches()) {
      return spec;
    }
    List<Integer> shape = new ArrayList<>(spec.shape());
    shape.set(0, same.size() * shape.get(0));
    String name =
        prefix(Integer.parseInt(first.group(1)), Integer.parseInt(last.group(1))) + first.group(2);
    return new ParameterSpec(name, shape, spec.start(), spec.fanIn(), spec.trained());
  }

  private static boolean isGate(ParameterSpec spec) {
    return spec.name().startsWith(GateSpec.PREFIX + ".");
  }
}
