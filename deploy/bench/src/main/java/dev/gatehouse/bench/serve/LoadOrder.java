package dev.gatehouse.bench.serve;

/**
 * What the load generator is to do.
 *
 * @param port of the server, on this machine
 * @param inFlight requests to keep under way; 0 for an open loop
 * @param rate requests a second of an open loop; 0 for a closed one
 * @param seconds how long
 */
record LoadOrder(int port, int inFlight, double rate, double seconds) {
  static LoadOrder closed(int port, int inFlight, double seconds) {
    return new LoadOrder(port, inFlight, 0, seconds);
  }

  static LoadOrder open(int port, double rate, double seconds) {
    return new LoadOrder(port, 0, rate, seconds);
  }
}
