package dev.gatehouse.bench.scale;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How far times move with the number of experts: the longest over the shortest, 1 for none.
 *
 * @param family of the models
 * @param topK experts that answer a row, k
 * @param skew how rows spread over the experts
 * @param inFlight rows under way, of all callers together
 * @param fewest the least number of experts
 * @param most the largest
 * @param oneRow of one row alone
 * @param underLoad of one row under load
 */
public record Flatness(
    String family,
    int topK,
    String skew,
    int inFlight,
    int fewest,
    int most,
    double oneRow,
    double underLoad) {
  private record Kind(String family, int topK, String skew, int inFlight) {}

  /** Of all cases that differ in nothing but the number of experts. */
  public static List<Flatness> of(List<ScaleResult> results) {
    Map<Kind, List<ScaleResult>> kinds = new LinkedHashMap<>();
    for (ScaleResult result : results) {
      kinds
          .computeIfAbsent(
              new Kind(result.family(), result.topK(), result.skew(), result.inFlight()),
              kind -> new ArrayList<>())
          .add(result);
    }
    return kinds.entrySet().stream().map(entry -> of(entry.getKey(), entry.getValue())).toList();
  }

  private static Flatness of(Kind kind, List<ScaleResult> alike) {
    return new Flatness(
        kind.family(),
        kind.topK(),
        kind.skew(),
        kind.inFlight(),
        alike.stream().mapToInt(ScaleResult::experts).min().orElseThrow(),
        alike.stream().mapToInt(ScaleResult::experts).max().orElseThrow(),
        range(alike, ScaleResult::oneRowUs),
        range(alike, ScaleResult::timeARowUs));
  }

  private static double range(List<ScaleResult> alike, ToDoubleFunction<ScaleResult> time) {
    return alike.stream().mapToDouble(time).max().orElseThrow()
        / alike.stream().mapToDouble(time).min().orElseThrow();
  }
}
