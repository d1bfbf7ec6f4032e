package dev.gatehouse.trainer.report;

import org.jspecify.annotations.Nullable;

/**
 * One row of the test set and what the mixture says of it.
 *
 * @param row its index in the test set
 * @param values its raw values, as a client would send them
 * @param label its true class
 * @param answer its class as served
 * @param probability the served probability of {@code answer}
 * @param expert its argmax expert
 * @param gateProbability the gate's probability of {@code expert}
 * @param gateEntropy entropy of its gate probabilities, bits
 * @param remedy an expert that was not chosen and is right alone, the surest of them; null where
 *     the row is right or there is none
 */
public record Example(
    int row,
    float[] values,
    int label,
    int answer,
    double probability,
    int expert,
    double gateProbability,
    double gateEntropy,
    @Nullable Remedy remedy) {
  /** True when the row is served its true class. */
  public boolean right() {
    return label == answer;
  }

  /**
   * An expert that would have been right.
   *
   * @param expert its index
   * @param probability what it gives the true class
   */
  public record Remedy(int expert, double probability) {}
}
