package dev.gatehouse.bench.serve;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One model, so many requests in flight. Numbers are medians over the rounds; a ratio is the median
 * of the rounds' own, and null where its peer was not there.
 *
 * @param family of the model
 * @param experts number of experts, M
 * @param topK experts that answer a row, k
 * @param rows of a request
 * @param inFlight requests under way, all over one connection
 * @param noopRps requests a second of the best no-op
 * @param sparseRps of Gatehouse
 * @param denseRps of Gatehouse running every expert
 * @param fractionOfNoop Gatehouse's rate over the best no-op's
 * @param timesPeerJavaDense Gatehouse's rate over that of DJL's engine running the dense graph
 * @param timesPeerJavaSparse the same where it runs our sparse graph
 * @param timesPeerNodeDense over that of Node running the dense graph
 * @param timesPeerNodeSparse the same where it runs our sparse graph
 * @param timesW8a8 the rate of the same model in 8-bit integers over each other side's; null where
 *     it does not take part
 * @param cpuUs processor time of Gatehouse's process a request, microseconds
 * @param sides all that was measured of each side
 */
public record ServeResult(
    String family,
    int experts,
    int topK,
    int rows,
    int inFlight,
    double noopRps,
    double sparseRps,
    double denseRps,
    double fractionOfNoop,
    @Nullable Double timesPeerJavaDense,
    @Nullable Double timesPeerJavaSparse,
    @Nullable Double timesPeerNodeDense,
    @Nullable Double timesPeerNodeSparse,
    @Nullable Map<Side, Double> timesW8a8,
    double cpuUs,
    Map<Side, Observed> sides) {}
