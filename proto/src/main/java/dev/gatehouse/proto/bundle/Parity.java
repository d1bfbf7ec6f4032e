package dev.gatehouse.proto.bundle;

import dev.gatehouse.proto.BadInput;

/**
 * How far a served graph is from the trained model on the self-test's rows.
 *
 * @param rows rows compared
 * @param nearTies rows that went the other way at a routing tie, so that only their gate
 *     probabilities were compared
 * @param gateDifference largest absolute difference of a gate probability; NaN when one was NaN
 * @param outputDifference largest absolute difference of a class probability, under a certified
 *     rule beyond the gate probability of the experts that did not run; NaN when one was NaN
 */
public record Parity(int rows, int nearTies, double gateDifference, double outputDifference) {
  /** The larger of both differences, NaN when one is NaN. */
  public double maxAbsDiff() {
    return Math.max(gateDifference, outputDifference);
  }

  /**
   * Refuses a graph that is not the trained model.
   *
   * @param graph names the graph in the message
   * @return this
   * @throws BadInput when a difference passes {@link SelfTest#TOLERANCE}, or too many rows went the
   *     other way at a tie
   */
  public Parity require(String graph) {
    if (!(maxAbsDiff() <= SelfTest.TOLERANCE)) {
      throw new BadInput(
          String.format(
              "%s: differs from the trained model by %.3g in gate probabilities and %.3g in class"
                  + " probabilities; at most %.0e is accepted",
              graph, gateDifference, outputDifference, SelfTest.TOLERANCE));
    }
    if (nearTies > SelfTest.MOST_TIES * rows) {
      throw new BadInput(
          String.format(
              "%s: %d of %d self-test rows went the other way at a routing tie; at most %.0f%% may",
              graph, nearTies, rows, 100 * SelfTest.MOST_TIES));
    }
    return this;
  }
}
