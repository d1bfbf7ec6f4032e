package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.runtime.Optimisation;
import dev.gatehouse.engine.runtime.PinnedRows;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.schedule.Costs;
import dev.gatehouse.engine.schedule.Hop;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.util.function.Function;

/**
 * What a bundle's graphs cost on this machine, by timing them: it decides how they are loaded and
 * how rows are batched.
 *
 * @param gate how far the gate's graph is rewritten; of no meaning in a dense bundle
 * @param expert how far each expert's graph is rewritten, or the one graph of a dense bundle
 * @param costs what a row costs then
 */
public record Calibration(Optimisation gate, Optimisation expert, Costs costs) {
  /** Enough for the clock, too little to notice at start: a graph, a batch size. */
  private static final long NANOS = 2_000_000;

  private static final int LEAST_RUNS = 3;

  /** The times of one graph at one level; nanoseconds a run. */
  private record Timing(Optimisation level, double one, double batch) {
    double inBatch() {
      return batch / Costs.BATCH;
    }

    /** True when one row and a batch, each beside the other's, take less time together. */
    boolean beats(Timing other) {
      return one / other.one + batch / other.batch < 2;
    }
  }

  /** What a row costs alone when it runs {@code k} experts; nanoseconds. */
  double rowNanos(int k) {
    return costs.gateRow() + k * costs.expertRow();
  }

  /** Times the graphs of a bundle; the first expert stands for all. */
  static Calibration of(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    try (Lane lane = Lane.of(manifest)) {
      lane.in().reserve(Costs.BATCH);
      lane.gate().reserve(Costs.BATCH);
      lane.answers().reserve(Costs.BATCH);
      // Zeros where they are allowed: the time of these graphs does not depend on values.
      double least = Math.max(0, manifest.input().min());
      for (int i = 0; i < lane.in().values().capacity(); i++) {
        lane.in().values().put(i, (float) least);
      }
      return manifest.routing() == Manifest.Routing.SPARSE
          ? sparse(bundle, lane)
          : dense(bundle, lane);
    }
  }

  private static Calibration sparse(Bundle bundle, Lane lane) {
    Timing gate = best(level -> SparseInference.gate(bundle, level), lane.in(), lane.gate());
    Timing expert =
        best(level -> SparseInference.expert(bundle, 0, level), lane.in(), lane.answers());
    return new Calibration(
        gate.level(),
        expert.level(),
        new Costs(gate.one(), expert.one(), expert.inBatch(), Hop.measure()));
  }

  private static Calibration dense(Bundle bundle, Lane lane) {
    Timing whole =
        best(
            level -> DenseInference.open(bundle, level).session(),
            lane.in(),
            lane.gate(),
            lane.answers());
    return new Calibration(
        whole.level(), whole.level(), new Costs(0, whole.one(), whole.inBatch(), Hop.measure()));
  }

  private static Timing best(
      Function<Optimisation, Session> open, PinnedRows in, PinnedRows... outs) {
    Timing extended = timing(Optimisation.EXTENDED, open, in, outs);
    Timing all = timing(Optimisation.ALL, open, in, outs);
    return all.beats(extended) ? all : extended;
  }

  private static Timing timing(
      Optimisation level, Function<Optimisation, Session> open, PinnedRows in, PinnedRows... outs) {
    try (Session session = open.apply(level)) {
      return new Timing(
          level, fastest(session, in, 1, outs), fastest(session, in, Costs.BATCH, outs));
    }
  }

  private static double fastest(Session session, PinnedRows in, int rows, PinnedRows... outs) {
    double fastest = Double.POSITIVE_INFINITY;
    long end = System.nanoTime() + NANOS;
    for (int run = 0; run < LEAST_RUNS || System.nanoTime() - end < 0; run++) {
      long start = System.nanoTime();
      session.run(in, rows, outs);
      fastest = Math.min(fastest, (double) (System.nanoTime() - start));
    }
    return fastest;
  }
}
