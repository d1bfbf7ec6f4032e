package dev.gatehouse.bench.engine;

import dev.gatehouse.bench.measure.Pace;
import dev.gatehouse.bench.model.Family;
import dev.gatehouse.bench.model.RandomModel;
import dev.gatehouse.bench.model.RowSet;
import dev.gatehouse.bench.model.Skew;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Measures one call of the engine on its caller's thread against the floor and against graphs of
 * the whole model. Every side gets the same random rows, spread evenly over the experts.
 *
 * @param pace how long is measured
 * @param integers whether models that have large layers are also measured in 8-bit integers
 * @param cacheBytes the rows are drawn from twice as many
 */
public record EngineBench(Pace pace, boolean integers, long cacheBytes) {
  private static final long SEED = 1;

  /** Rows of all prepared calls together. */
  private static final int PREPARED = 2048;

  private static final int LEAST_CALLS = 4;
  private static final int MOST_CALLS = 1024;

  /**
   * Measures a model with each k and batch.
   *
   * @param topKs numbers of experts that answer a row; those above {@code experts} are left out
   * @param folder an empty folder for bundles
   * @param each hears of each case as soon as it is measured
   */
  public void measure(
      Family family,
      int experts,
      List<Integer> topKs,
      List<Integer> batches,
      Path folder,
      Consumer<EngineResult> each)
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
        Bundle w8a8 =
            integers && model.hasIntegers()
                ? Bundle.open(model.writeInIntegers(folder, "w8a8-" + k, new RoutingRule.TopK(k)))
                : null;
        for (int batch : batches) {
          List<RowSource> calls = calls(rows, experts, batch);
          each.accept(new EngineCase(family, sparse, dense, w8a8, calls, pace).measure());
        }
      }
    }
  }

  private static List<RowSource> calls(RowSet rows, int experts, int batch) {
    Skew.Draw draw = Skew.UNIFORM.among(experts, SEED);
    SplittableRandom random = new SplittableRandom(SEED);
    int count = Math.max(LEAST_CALLS, Math.min(MOST_CALLS, PREPARED / batch));
    List<RowSource> calls = new ArrayList<>();
    for (int call = 0; call < count; call++) {
      int[] chosen = new int[batch];
      for (int i = 0; i < batch; i++) {
        chosen[i] = rows.draw(draw.next(random), random);
      }
      calls.add(rows.batch(chosen));
    }
    return calls;
  }
}
