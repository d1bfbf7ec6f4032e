package dev.gatehouse.bench.peer;

import dev.gatehouse.bench.measure.Pace;
import dev.gatehouse.bench.measure.Turns;
import java.util.function.Function;

/** A peer in the settings that are the best for what it is to do. */
public final class Fastest {
  private Fastest() {}

  /** What a peer does once. */
  @FunctionalInterface
  public interface Use<P> {
    /** The side that {@code peer} takes. */
    Turns.Side of(P peer);
  }

  /**
   * The settings in which a peer is the fastest; one is open at a time.
   *
   * @param open opens the peer
   * @param use what it is timed with
   */
  public static <P extends Peer> Settings settings(
      Function<Settings, P> open, Use<P> use, Pace pace) {
    Settings best = Settings.ALL.get(0);
    long least = Long.MAX_VALUE;
    for (Settings settings : Settings.ALL) {
      long nanos = time(open.apply(settings), use, pace);
      if (nanos < least) {
        least = nanos;
        best = settings;
      }
    }
    return best;
  }

  private static <P extends Peer> long time(P opened, Use<P> use, Pace pace) {
    try (P peer = opened) {
      return Turns.fastest(use.of(peer), pace);
    }
  }
}
