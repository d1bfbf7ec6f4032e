package dev.gatehouse.proto.run;

import java.util.List;

/**
 * One line of {@code metrics.jsonl}.
 *
 * @param epoch from 1
 * @param loss mean training loss with regularisers
 * @param trainError share of training rows wrong, counted during the epoch
 * @param validationError share of held-out rows that the full mixture gets wrong
 * @param servedError share of held-out rows that the mixture gets wrong under the serving rule
 * @param sampleEntropy H_s of the gate's probabilities on the held-out rows, bits
 * @param usageEntropy H_u of the same, bits
 * @param mutualInformation I(E;Y) of the argmax expert and the true class on the held-out rows,
 *     bits
 * @param loadVariation coefficient of variation of the experts' hits on the held-out rows
 * @param expertLoad [experts] share of held-out rows by argmax expert
 * @param learningRate the optimiser's step size at the end of the epoch
 * @param seconds time of the epoch, evaluation included
 */
public record EpochMetrics(
    int epoch,
    double loss,
    double trainError,
    double validationError,
    double servedError,
    double sampleEntropy,
    double usageEntropy,
    double mutualInformation,
    double loadVariation,
    List<Double> expertLoad,
    double learningRate,
    double seconds) {
  /** Copies the list. */
  public EpochMetrics {
    expertLoad = List.copyOf(expertLoad);
  }
}
