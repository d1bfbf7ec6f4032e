package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.runtime.Optimisation;
import dev.gatehouse.engine.runtime.PinnedRows;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.schedule.Costs;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.util.function.Function;

/**
 * How far ONNX Runtime rewrites the graphs of a bundle when it loads them: whichever runs faster on
 * this machine.
 *
 * @param gate the gate's graph; of no meaning in a dense bundle
 * @param expert each expert's graph, or the one graph of a dense bundle
 */
public record Tuning(Optimisation gate, Optimisation expert) {
  /** The same on every machine and at every load. */
  public static final Tuning FIXED = new Tuning(Optimisation.EXTENDED, Optimisation.EXTENDED);

  /** The times of one graph at one level; nanoseconds a run. */
  private record Timing(Optimisation level, double one, double batch) {
    /** True when one row and a batch, each beside the other's, take less time together. */
    boolean beats(Timing other) {
      return one / other.one + batch / other.batch < 2;
    }
  }

  /** Times the graphs; the first expert stands for all. */
  static Tuning of(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    try (Lane lane = Lane.forTiming(manifest)) {
      if (manifest.routing() == Manifest.Routing.DENSE) {
        Optimisation level =
            best(
                wanted -> DenseInference.session(bundle, wanted),
                lane.in(),
                lane.gate(),
                lane.answers());
        return new Tuning(level, level);
      }
      return new Tuning(
          best(level -> SparseInference.gate(bundle, level), lane.in(), lane.gate()),
          best(level -> SparseInference.expert(bundle, 0, level), lane.in(), lane.answers()));
    }
  }

  private static Optimisation best(
      Function<Optimisation, Session> open, PinnedRows in, PinnedRows... outs) {
    Timing extended = timing(Optimisation.EXTENDED, open, in, outs);
    Timing all = timing(Optimisation.ALL, open, in, outs);
    return all.beats(extended) ? all.level() : extended.level();
  }

  private static Timing timing(
      Optimisation level, Function<Optimisation, Session> open, PinnedRows in, PinnedRows... outs) {
    try (Session session = open.apply(level)) {
      return new Timing(
          level,
          Timed.fastest(() -> session.run(in, 1, outs)),
          Timed.fastest(() -> session.run(in, Costs.BATCH, outs)));
    }
  }
}
