package dev.gatehouse.bench.serve;

/**
 * How long is measured.
 *
 * @param rounds turns of each side
 * @param warmUpSeconds of each side, before the first round
 * @param settlingTurns the most half turns of a side before a kind of load is measured
 * @param seconds of a turn
 */
public record ServePace(int rounds, double warmUpSeconds, int settlingTurns, double seconds) {}
