package dev.gatehouse.bench.scale;

import dev.gatehouse.bench.measure.Median;
import dev.gatehouse.bench.measure.Turns;
import dev.gatehouse.bench.model.Skew;
import dev.gatehouse.bench.peer.Floor;
import dev.gatehouse.bench.peer.WholeGraph;
import dev.gatehouse.engine.dispatch.DispatchPlan;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.RowSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One model under rows of one skew.
 *
 * @param bench how it is measured
 * @param family of the model
 * @param engine the model, its rows batched on workers as it chooses
 * @param floor its bare runs; null where they are left out
 * @param portable its portable graph; null likewise
 * @param dense a graph that runs every expert; null likewise
 * @param rows draws a row
 */
record ScaleCase(
    ScaleBench bench,
    String family,
    MoeModel engine,
    @Nullable Floor floor,
    @Nullable WholeGraph portable,
    @Nullable WholeGraph dense,
    Function<SplittableRandom, RowSource> rows) {
  private static final long SEED = 2;
  private static final int CALLS = 2048;

  /** A batch may take longer than a burst; a burst of so many still says something. */
  private static final int BATCHES = 4;

  /** A side of the load: what answers, and how long its bursts are. */
  private record Side(Answering answering, Duration burst, List<Load> loads) {
    Load median() {
      return new Load(
          Median.of(loads.stream().mapToDouble(Load::rowsPerSecond).toArray()),
          Median.of(loads.stream().mapToDouble(Load::p50Ms).toArray()),
          Median.of(loads.stream().mapToDouble(Load::p99Ms).toArray()),
          Median.of(loads.stream().mapToDouble(Load::cpuUs).toArray()));
    }

    double times(Side other) {
      return Median.ofRatios(
          loads.stream().mapToDouble(Load::rowsPerSecond).toArray(),
          other.loads.stream().mapToDouble(Load::rowsPerSecond).toArray());
    }
  }

  /** A result for each number of rows under way. */
  List<ScaleResult> measure(Skew skew, Opening opening, List<String> notes) {
    SplittableRandom random = new SplittableRandom(SEED);
    List<RowSource> single = Stream.generate(() -> rows.apply(random)).limit(CALLS).toList();
    double[][] alone = alone(single);
    double busiest = busiestShare(single);
    List<ScaleResult> results = new ArrayList<>();
    try (GlobalBatch global = batching(all -> engine.predict(all).probabilities());
        GlobalBatch whole = portable == null ? null : batching(portable::answer);
        GlobalBatch every = dense == null ? null : batching(dense::answer)) {
      for (int inFlight : bench.inFlight()) {
        Side batched = side((row, ended) -> engine.submit(new EngineCall(row, ended), null));
        Side together = side(global);
        Side graph = whole == null || portable == null ? null : side(whole, portable, single);
        Side all = every == null || dense == null ? null : side(every, dense, single);
        load(inFlight, Stream.of(batched, together, graph, all).filter(Objects::nonNull).toList());
        Load own = batched.median();
        results.add(
            new ScaleResult(
                family,
                engine.manifest().experts(),
                engine.manifest().rule().k(),
                skew.toString(),
                inFlight,
                busiest,
                opening.ms(),
                opening.residentBytes() == 0 ? null : opening.residentBytes(),
                Median.of(alone[0]) / 1e3,
                alone.length < 2 ? null : Median.of(alone[1]) / 1e3,
                1e6 / own.rowsPerSecond(),
                engine.policy().toString(),
                own,
                together.median(),
                graph == null ? null : graph.median(),
                all == null ? null : all.median(),
                batched.times(together),
                null,
                graph == null ? null : batched.times(graph),
                all == null ? null : batched.times(all),
                notes));
      }
    }
    return results.stream().map(result -> result.amongst(results)).toList();
  }

  private double[][] alone(List<RowSource> single) {
    List<Turns.Side> sides = new ArrayList<>();
    sides.add(call -> engine.predict(single.get(call % CALLS)));
    if (floor != null) {
      List<DispatchPlan> plans = single.stream().map(floor::plan).toList();
      sides.add(call -> floor.run(plans.get(call % CALLS)));
    }
    return Turns.measure(sides, bench.pace());
  }

  private void load(int inFlight, List<Side> sides) {
    ClosedLoop callers = new ClosedLoop(bench.threads(), inFlight, rows);
    sides.forEach(side -> callers.run(side.answering(), side.burst(), SEED));
    for (int round = 0; round < bench.rounds(); round++) {
      for (int i = 0; i < sides.size(); i++) {
        Side side = sides.get((round + i) % sides.size());
        side.loads().add(callers.run(side.answering(), side.burst(), SEED + round));
      }
    }
  }

  private GlobalBatch batching(Function<RowSource, float[]> answer) {
    return new GlobalBatch(bench.threads(), ScaleBench.MOST, answer);
  }

  private Side side(Answering answering) {
    return new Side(answering, bench.burst(), new ArrayList<>());
  }

  private Side side(Answering answering, WholeGraph graph, List<RowSource> single) {
    RowSource batch = new GlobalBatch.Together(single.subList(0, ScaleBench.MOST));
    long start = System.nanoTime();
    graph.run(batch);
    Duration several = Duration.ofNanos(BATCHES * (System.nanoTime() - start));
    Duration burst = several.compareTo(bench.burst()) > 0 ? several : bench.burst();
    return new Side(answering, burst, new ArrayList<>());
  }

  private double busiestShare(List<RowSource> single) {
    long[] hits = new long[engine.manifest().experts()];
    int pairs = 0;
    for (int from = 0; from < CALLS; from += ScaleBench.MOST) {
      RowSource batch = new GlobalBatch.Together(single.subList(from, from + ScaleBench.MOST));
      for (int expert : engine.predict(batch).routing().expertIndices()) {
        hits[expert]++;
        pairs++;
      }
    }
    return (double) Arrays.stream(hits).max().orElseThrow() / pairs;
  }
}
