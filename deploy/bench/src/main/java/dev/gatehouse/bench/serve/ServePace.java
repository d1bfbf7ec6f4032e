package dev.gatehouse.bench.serve;

/**
 * How long is measured.
 *
 * @param rounds turns of each side
 * @param warmUpSeconds of each side, before the first round
 * @param seconds of a turn
 */
public record ServePace(int rounds, double warmUpSeconds, double seconds) {}
