package dev.gatehouse.proto.run;

import java.util.List;

/**
 * One line of {@code metrics.jsonl}.
 *
 * @param epoch from 1
 * @param loss mean training loss with regularisers
 * @param trainError share of training rows wrong, counted during the epoch
 * @param validationError share of held-out rows that the full mixture gets wrong
 * @param sampleEntropy H_s on the held-out rows, bits
 * @param usageEntropy H_u on the held-out rows, bits
 * @param expertLoad [experts] share of held-out rows by argmax expert
 * @param seconds time of the epoch, evaluation included
 */
public record EpochMetrics(
    int epoch,
    double loss,
    double trainError,
    double validationError,
    double sampleEntropy,
    double usageEntropy,
    List<Double> expertLoad,
    double seconds) {}
