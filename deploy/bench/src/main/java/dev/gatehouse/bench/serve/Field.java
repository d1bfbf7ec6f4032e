package dev.gatehouse.bench.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The servers that run, and what sends requests to them. */
final class Field implements AutoCloseable {
  /** Less than 19 of 20 parts: what processor time of a request that falls has fallen to. */
  private static final double FALLS = 0.95;

  private final LoadProcess load;
  private final Path folder;
  private final ServePace pace;
  private final int most;
  private final Map<Side, Contender> servers = new EnumMap<>(Side.class);

  /**
   * Takes over the load generator.
   *
   * @param folder for what processes log
   * @param most requests in flight while a server is warmed up
   */
  Field(LoadProcess load, Path folder, ServePace pace, int most) {
    this.load = load;
    this.folder = folder;
    this.pace = pace;
    this.most = most;
  }

  /** Starts the fastest of some plans; it is warm afterwards. */
  Contender start(Side side, List<Contender.Plan> plans) throws IOException {
    Contender fastest = null;
    double highest = 0;
    for (Contender.Plan plan : plans) {
      Contender one = plan.start(folder);
      double rate = rateOnceWarm(one, fastest);
      if (fastest == null || rate > highest) {
        close(fastest);
        fastest = one;
        highest = rate;
      } else {
        one.close();
      }
    }
    Contender chosen = Objects.requireNonNull(fastest);
    servers.put(side, chosen);
    return chosen;
  }

  private double rateOnceWarm(Contender one, @Nullable Contender other) throws IOException {
    LoadOrder order = LoadOrder.closed(one.port(), most, pace.warmUpSeconds() / 2);
    try {
      load.run(one, order);
      return load.run(one, order).rps();
    } catch (IOException | RuntimeException e) {
      one.close();
      close(other);
      throw e;
    }
  }

  private static void close(@Nullable Contender server) {
    if (server != null) {
      server.close();
    }
  }

  /** The sides whose servers run. */
  List<Side> sides() {
    return List.copyOf(servers.keySet());
  }

  /** A turn with so many requests under way. */
  Observed closed(Side side, int inFlight) throws IOException {
    return closed(side, inFlight, pace.seconds());
  }

  /** A turn with so many requests a second. */
  Observed open(Side side, double rate) throws IOException {
    return open(side, rate, pace.seconds());
  }

  /** Has a server get used to so many requests under way. */
  void settleClosed(Side side, int inFlight) throws IOException {
    settle(() -> closed(side, inFlight, pace.seconds() / 2));
  }

  /** Has a server get used to so many requests a second. */
  void settleOpen(Side side, double rate) throws IOException {
    settle(() -> open(side, rate, pace.seconds() / 2));
  }

  private Observed closed(Side side, int inFlight, double seconds) throws IOException {
    Contender server = server(side);
    return load.run(server, LoadOrder.closed(server.port(), inFlight, seconds));
  }

  private Observed open(Side side, double rate, double seconds) throws IOException {
    Contender server = server(side);
    return load.run(server, LoadOrder.open(server.port(), rate, seconds));
  }

  /** One turn of load. */
  @FunctionalInterface
  private interface Turn {
    Observed run() throws IOException;
  }

  /**
   * Another load goes through other code, which a JVM compiles while it is called, for seconds and
   * on the processors that are to be measured. That is over when a request takes no less processor
   * time than before, twice in a row.
   */
  private void settle(Turn turn) throws IOException {
    double least = Double.POSITIVE_INFINITY;
    int unchanged = 0;
    for (int i = 0; i < pace.settlingTurns() && unchanged < 2; i++) {
      double cpu = turn.run().cpuUs();
      unchanged = cpu < FALLS * least ? 0 : unchanged + 1;
      least = Math.min(least, cpu);
    }
  }

  private Contender server(Side side) {
    return Objects.requireNonNull(servers.get(side));
  }

  @Override
  public void close() {
    servers.values().forEach(Contender::close);
    load.close();
  }
}
