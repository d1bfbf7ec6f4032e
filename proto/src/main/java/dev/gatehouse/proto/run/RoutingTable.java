package dev.gatehouse.proto.run;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.List;

/**
 * Which expert took which rows of one split, under the rule that is served.
 *
 * @param rule the rule
 * @param rows number of rows
 * @param hits [experts] rows whose chosen set holds the expert; sums to k times rows, under a
 *     certified rule to the experts that ran in all
 * @param gateMass [experts] mean gate probability; sums to 1
 * @param gateEntropy mean entropy of a row's gate probabilities, bits
 * @param expertByClass [experts][classes] rows of a true class whose argmax expert it is
 */
public record RoutingTable(
    RoutingRule rule,
    long rows,
    List<Long> hits,
    List<Double> gateMass,
    double gateEntropy,
    List<List<Long>> expertByClass) {
  /** Checks that the counts add up. */
  public RoutingTable {
    hits = List.copyOf(hits);
    gateMass = List.copyOf(gateMass);
    expertByClass = expertByClass.stream().map(List::copyOf).toList();
    long least = rows * rule.k();
    long most = rule instanceof RoutingRule.Certified ? rows * hits.size() : least;
    long sum = hits.stream().mapToLong(Long::longValue).sum();
    if (rows < 1 || sum < least || sum > most) {
      throw new BadInput(
          "hits must add up to the experts that took a row; hits=%s, rows=%d, rule=%s"
              .formatted(hits, rows, rule));
    }
    if (gateMass.size() != hits.size() || expertByClass.size() != hits.size()) {
      throw new BadInput("a routing table has one entry an expert; experts=" + hits.size());
    }
  }

  /** What {@code measured} says of routing. */
  public static RoutingTable of(SplitMeasurements measured) {
    return new RoutingTable(
        measured.rule(),
        measured.rows(),
        measured.experts().stream().map(SplitMeasurements.ByExpert::hits).toList(),
        measured.experts().stream().map(SplitMeasurements.ByExpert::gateMass).toList(),
        measured.gate().sample(),
        measured.expertByClass());
  }
}
