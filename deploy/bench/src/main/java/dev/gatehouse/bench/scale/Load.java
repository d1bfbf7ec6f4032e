package dev.gatehouse.bench.scale;

/**
 * What callers saw.
 *
 * @param rowsPerSecond answered
 * @param p50Ms half of the rows took no longer, milliseconds
 * @param p99Ms 99 of 100 took no longer
 * @param cpuUs processor time of a row, microseconds: all threads of the process, the callers' too.
 *     Unlike the rate it hardly moves with what else the machine does
 */
public record Load(double rowsPerSecond, double p50Ms, double p99Ms, double cpuUs) {}
