package dev.gatehouse.bench.jmh;

import dev.gatehouse.bench.measure.Machine;
import dev.gatehouse.bench.model.Family;
import dev.gatehouse.bench.model.RandomModel;
import dev.gatehouse.bench.model.RowSet;
import dev.gatehouse.bench.peer.Floor;
import dev.gatehouse.bench.peer.Settings;
import dev.gatehouse.bench.peer.WholeGraph;
import dev.gatehouse.engine.dispatch.DispatchPlan;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One call of the engine, its floor and its portable graph, each in forks of its own: for a
 * profiler, and to see what a change of the engine does. JMH never interleaves two benchmarks, so
 * the ratios that are reported come from {@code bench engine}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PredictBenchmark {
  private static final long SEED = 1;
  private static final int CALLS = 256;

  /** As {@code --family} takes it. */
  @Param({"mnist", "mlp"})
  public String family = "mnist";

  /** Number of experts. */
  @Param({"5", "64"})
  public int experts = 5;

  /** Experts that answer a row. */
  @Param("1")
  public int topK = 1;

  /** Rows a call. */
  @Param({"1", "8", "64"})
  public int batch = 1;

  private Path folder;
  private List<RowSource> calls;
  private List<DispatchPlan> plans;
  private MoeModel engine;
  private Floor floor;
  private WholeGraph portable;
  private int next;

  /** Writes the bundle and opens all three. */
  @Setup
  public void open() throws IOException {
    folder = Files.createTempDirectory("gatehouse-jmh-");
    RandomModel model = RandomModel.of(Family.named(family), experts, SEED);
    RowSet set =
        RowSet.of(
            model.prototypes(), Family.named(family).rowsBeyond(Machine.lastLevelCache()), SEED);
    Bundle bundle = Bundle.open(model.write(folder, "model", new RoutingRule.TopK(topK)));
    SplittableRandom random = new SplittableRandom(SEED);
    calls =
        Stream.generate(() -> set.batch(random.ints(batch, 0, set.size()).toArray()))
            .limit(CALLS)
            .toList();
    engine = MoeModel.open(bundle.path());
    floor = Floor.open(bundle, Settings.ALL.get(0), batch);
    portable = WholeGraph.open(bundle, Settings.ALL.get(0), batch);
    plans = calls.stream().map(floor::plan).toList();
  }

  /** Closes them and deletes the bundle. */
  @TearDown
  public void close() throws IOException {
    engine.close();
    floor.close();
    portable.close();
    AtomicFiles.delete(folder);
  }

  /** The engine, on this thread. */
  @Benchmark
  public Prediction engine() {
    return engine.predict(calls.get(next()));
  }

  /** The bare runs. */
  @Benchmark
  public void floor() {
    floor.run(plans.get(next()));
  }

  /** The portable graph. */
  @Benchmark
  public void portable() {
    portable.run(calls.get(next()));
  }

  private int next() {
    next = (next + 1) % CALLS;
    return next;
  }
}
