package dev.gatehouse.bench.scale;

import dev.gatehouse.bench.measure.Machine;
import dev.gatehouse.bench.measure.Pace;
import dev.gatehouse.bench.model.Family;
import dev.gatehouse.bench.model.RandomModel;
import dev.gatehouse.bench.model.RowSet;
import dev.gatehouse.bench.model.Skew;
import dev.gatehouse.bench.peer.Fastest;
import dev.gatehouse.bench.peer.Floor;
import dev.gatehouse.bench.peer.Settings;
import dev.gatehouse.bench.peer.WholeGraph;
import dev.gatehouse.engine.pipeline.BatchLimits;
import dev.gatehouse.engine.pipeline.EngineOptions;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.schedule.Workers;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures models of a growing number of experts under random rows of many callers.
 *
 * @param pace how long one row alone is measured
 * @param rounds bursts of load of each side, by turns
 * @param burst length of one
 * @param threads that compute, and as many that call
 * @param inFlight numbers of rows under way, of all callers together
 * @param cacheBytes the rows are drawn from twice as many
 */
public record ScaleBench(
    Pace pace, int rounds, Duration burst, int threads, List<Integer> inFlight, long cacheBytes) {

  /** Rows of a batch, of whatever side. */
  static final int MOST = BatchLimits.DEFAULT_MAX_BATCH;

  private static final long SEED = 1;

  /** A session's memory over its file's: it holds the weights as they come, and rearranged. */
  private static final double LOADED = 2;

  private static final long SPARE = 1L << 30;

  /** Copies the list. */
  public ScaleBench {
    inFlight = List.copyOf(inFlight);
  }

  /**
   * Measures a model with each k and skew.
   *
   * @param topKs numbers of experts that answer a row; those above {@code experts} are left out
   * @param folder an empty folder for bundles
   * @param each hears of each case as soon as it is measured
   */
  public void measure(
      Family family,
      int experts,
      List<Integer> topKs,
      List<Skew> skews,
      Path folder,
      Consumer<ScaleResult> each)
      throws IOException {
    RandomModel model = RandomModel.of(family, experts, SEED);
    RowSet rows = RowSet.of(model.prototypes(), family.rowsBeyond(cacheBytes), SEED);
    Bundle dense =
        family.fitsOneGraph(experts)
            ? Bundle.open(model.write(folder, "dense", new RoutingRule.Dense()))
            : null;
    for (int k : topKs) {
      if (k <= experts) {
        Bundle sparse = Bundle.open(model.write(folder, "top-" + k, new RoutingRule.TopK(k)));
        measure(family, sparse, dense, rows, skews, each);
      }
    }
  }

  private void measure(
      Family family,
      Bundle sparse,
      @Nullable Bundle dense,
      RowSet rows,
      List<Skew> skews,
      Consumer<ScaleResult> each)
      throws IOException {
    int experts = sparse.manifest().experts();
    Opening opening = Opening.of(sparse.path());
    List<String> notes = new ArrayList<>();
    try (Workers workers = new Workers(threads);
        MoeModel engine = MoeModel.open(sparse.path(), options(workers));
        Floor floor = floor(family, sparse, rows.batch(0), notes);
        WholeGraph portable =
            whole("portable", family, dense == null ? null : sparse, rows, notes);
        WholeGraph every = whole("dense", family, dense, rows, notes)) {
      for (Skew skew : skews) {
        Skew.Draw draw = skew.among(experts, SEED);
        new ScaleCase(
                this,
                family.name(),
                engine,
                floor,
                portable,
                every,
                random -> rows.batch(rows.draw(draw.next(random), random)))
            .measure(skew, opening, notes)
            .forEach(each);
      }
    }
  }

  private EngineOptions options(Workers workers) {
    // As the server, and as the other graphs here, which are loaded as they run fastest.
    return EngineOptions.defaults()
        .withMeasuredTuning()
        .withWorkers(workers)
        .withLimits(
            new BatchLimits(
                MOST,
                Math.max(Collections.max(inFlight), BatchLimits.DEFAULT_MAX_QUEUED_ROWS),
                BatchLimits.defaults().maxWait()));
  }

  private @Nullable Floor floor(Family family, Bundle sparse, RowSource row, List<String> notes) {
    if (!hasMemory("floor", family, sparse, notes)) {
      return null;
    }
    Settings settings =
        Fastest.settings(
            chosen -> Floor.open(sparse, chosen, 1),
            floor -> {
              var plan = floor.plan(row);
              return call -> floor.run(plan);
            },
            pace);
    return Floor.open(sparse, settings, 1);
  }

  private @Nullable WholeGraph whole(
      String name, Family family, @Nullable Bundle bundle, RowSet rows, List<String> notes) {
    if (bundle == null) {
      notes.add(name + ": left out, one graph does not hold so many experts");
      return null;
    }
    if (!hasMemory(name, family, bundle, notes)) {
      return null;
    }
    RowSource batch = rows.batch(new SplittableRandom(SEED).ints(MOST, 0, rows.size()).toArray());
    Settings settings =
        Fastest.settings(
            chosen -> WholeGraph.open(bundle, chosen, MOST),
            graph -> call -> graph.run(batch),
            pace);
    return WholeGraph.open(bundle, settings, MOST);
  }

  private static boolean hasMemory(String name, Family family, Bundle bundle, List<String> notes) {
    double needed = LOADED * family.expertBytes() * bundle.manifest().experts() + SPARE;
    if (needed <= Machine.availableMemory()) {
      return true;
    }
    notes.add(
        String.format(
            Locale.ROOT, "%s: left out, its sessions need %.1f GB of memory", name, needed / 1e9));
    return false;
  }
}
