package dev.gatehouse.bench.serve;

import org.jspecify.annotations.Nullable;

/**
 * One model under requests that come on time, whatever the server does: so many a second as are 80%
 * of a side's highest rate. Latencies count from when a request should have gone.
 *
 * @param family of the model
 * @param experts number of experts, M
 * @param topK experts that answer a row, k
 * @param rows of a request
 * @param of the side whose rate it is
 * @param rate requests a second
 * @param side what that side did
 * @param sparse what Gatehouse did at the same rate; null where the side is Gatehouse itself or
 *     faster than it
 * @param w8a8 what Gatehouse did with the model in 8-bit integers; null where that does not take
 *     part
 * @param noop what the best no-op did at the same rate, which tells what of a latency is the
 *     system's; null likewise
 * @param p99OfSide Gatehouse's 99th percentile over the side's; null likewise
 */
public record OpenResult(
    String family,
    int experts,
    int topK,
    int rows,
    Side of,
    double rate,
    Observed side,
    @Nullable Observed sparse,
    @Nullable Observed w8a8,
    @Nullable Observed noop,
    @Nullable Double p99OfSide) {}
