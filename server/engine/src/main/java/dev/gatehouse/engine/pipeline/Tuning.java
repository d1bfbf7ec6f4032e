package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.runtime.Optimisation;
import dev.gatehouse.engine.runtime.PinnedRows;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.runtime.SessionSettings;
import dev.gatehouse.engine.schedule.Costs;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.util.function.Function;

/**
 * How ONNX Runtime loads the graphs of a bundle: rewritten to whichever level runs faster on this
 * machine, and with an arena where there is one session, and its runs are long. Experts have none,
 * since each would keep the memory of its largest batch.
 *
 * @param gate the gate's graph; of no meaning in a dense bundle
 * @param expert each expert's graph, or the one graph of a dense bundle
 */
public record Tuning(SessionSettings gate, SessionSettings expert) {
  /** The same on every machine and at every load. */
  public static final Tuning FIXED =
      new Tuning(
          SessionSettings.of(Optimisation.EXTENDED), SessionSettings.of(Optimisation.EXTENDED));

  /** A run of a batch that takes longer works in more memory than the allocator keeps: 1 ms. */
  private static final double LONG_RUN_NANOS = 1e6;

  /** The times of one graph at one level; nanoseconds a run of one row and of a batch. */
  record Timing(Optimisation level, double one, double batch) {
    /** True when one row and a batch, each beside the other's, take less time together. */
    boolean beats(Timing other) {
      return one / other.one + batch / other.batch < 2;
    }

    /** For a session that there is one of. */
    SessionSettings alone() {
      return new SessionSettings(level, batch > LONG_RUN_NANOS);
    }

    /** For each of many experts. */
    SessionSettings amongMany() {
      return SessionSettings.of(level);
    }
  }

  /** Times the graphs; the first expert stands for all. */
  static Tuning of(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    try (Lane lane = Lane.forTiming(manifest)) {
      if (manifest.routing() == Manifest.Routing.DENSE) {
        SessionSettings settings =
            best(
                    wanted -> DenseInference.session(bundle, wanted),
                    lane.in(),
                    lane.gate(),
                    lane.answers())
                .alone();
        return new Tuning(settings, settings);
      }
      return new Tuning(
          best(wanted -> SparseInference.gate(bundle, wanted), lane.in(), lane.gate()).alone(),
          best(wanted -> SparseInference.expert(bundle, 0, wanted), lane.in(), lane.answers())
              .amongMany());
    }
  }

  private static Timing best(
      Function<SessionSettings, Session> open, PinnedRows in, PinnedRows... outs) {
    Timing extended = timing(Optimisation.EXTENDED, open, in, outs);
    Timing all = timing(Optimisation.ALL, open, in, outs);
    return all.beats(extended) ? all : extended;
  }

  private static Timing timing(
      Optimisation level,
      Function<SessionSettings, Session> open,
      PinnedRows in,
      PinnedRows... outs) {
    try (Session session = open.apply(SessionSettings.of(level))) {
      return new Timing(
          level,
          Timed.fastest(() -> session.run(in, 1, outs)),
          Timed.fastest(() -> session.run(in, Costs.BATCH, outs)));
    }
  }
}
