package dev.gatehouse.bench.serve;

import org.jspecify.annotations.Nullable;

/**
 * What the load generator saw.
 *
 * @param answered requests that were answered
 * @param seconds it took
 * @param p50Us half of the answers took no longer, microseconds
 * @param p99Us 99 of 100 took no longer
 * @param p999Us 999 of 1,000 took no longer
 * @param failure how the first request that was not answered ended; null where all were
 */
record LoadSeen(
    long answered,
    double seconds,
    double p50Us,
    double p99Us,
    double p999Us,
    @Nullable String failure) {
  double rate() {
    return answered / seconds;
  }
}
