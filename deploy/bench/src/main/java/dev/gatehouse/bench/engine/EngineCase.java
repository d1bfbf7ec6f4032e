package dev.gatehouse.bench.engine;

import dev.gatehouse.bench.measure.Allocation;
import dev.gatehouse.bench.measure.Median;
import dev.gatehouse.bench.measure.Pace;
import dev.gatehouse.bench.measure.Turns;
import dev.gatehouse.bench.model.Family;
import dev.gatehouse.bench.peer.Fastest;
import dev.gatehouse.bench.peer.Floor;
import dev.gatehouse.bench.peer.Settings;
import dev.gatehouse.bench.peer.WholeGraph;
import dev.gatehouse.engine.dispatch.DispatchPlan;
import dev.gatehouse.engine.pipeline.EngineOptions;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.pipeline.Tuning;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One model, one size of batch.
 *
 * @param family of the model
 * @param sparse its bundle
 * @param dense a bundle of the same model that runs every expert; null where no graph holds all
 * @param w8a8 a bundle of the same model in 8-bit integers; null where it is not measured
 * @param calls batches of one size, by turns
 * @param pace how long is measured
 */
record EngineCase(
    Family family,
    Bundle sparse,
    @Nullable Bundle dense,
    @Nullable Bundle w8a8,
    List<RowSource> calls,
    Pace pace) {

  EngineResult measure() {
    Settings floorSettings = floorSettings();
    Settings portableSettings = dense == null ? null : wholeSettings(sparse);
    Settings denseSettings = dense == null ? null : wholeSettings(dense);
    try (MoeModel engine = open(sparse);
        MoeModel inIntegers = w8a8 == null ? null : open(w8a8);
        Floor floor = Floor.open(sparse, floorSettings, batch());
        WholeGraph portable = whole(sparse, portableSettings);
        WholeGraph every = dense == null ? null : whole(dense, denseSettings)) {
      List<DispatchPlan> plans = calls.stream().map(floor::plan).toList();
      Turns.Side ours = call -> engine.predict(of(calls, call));
      List<Turns.Side> sides = new ArrayList<>();
      sides.add(ours);
      sides.add(call -> floor.run(of(plans, call)));
      if (portable != null && every != null) {
        sides.add(call -> portable.run(of(calls, call)));
        sides.add(call -> every.run(of(calls, call)));
      }
      boolean whole = sides.size() > 2;
      if (inIntegers != null) {
        sides.add(call -> inIntegers.predict(of(calls, call)));
      }
      double[][] nanos = Turns.measure(sides, pace);
      Manifest manifest = sparse.manifest();
      double[] integerNanos = inIntegers == null ? null : nanos[nanos.length - 1];
      return new EngineResult(
          family.name(),
          manifest.experts(),
          manifest.rule().k(),
          batch(),
          Median.of(nanos[0]) / 1e3,
          Median.of(nanos[1]) / 1e3,
          whole ? Median.of(nanos[2]) / 1e3 : null,
          whole ? Median.of(nanos[3]) / 1e3 : null,
          Median.ofRatios(nanos[0], nanos[1]),
          whole ? Median.ofRatios(nanos[2], nanos[0]) : null,
          whole ? Median.ofRatios(nanos[3], nanos[0]) : null,
          integerNanos == null ? null : Median.of(integerNanos) / 1e3,
          integerNanos == null ? null : Median.ofRatios(nanos[0], integerNanos),
          Allocation.bytesPerCall(ours),
          answerBytes(manifest),
          plans.stream().mapToInt(EngineCase::expertsThatRun).average().orElseThrow(),
          settings(engine.tuning()),
          floorSettings.toString(),
          portableSettings == null ? null : portableSettings.toString(),
          denseSettings == null ? null : denseSettings.toString());
    }
  }

  private static MoeModel open(Bundle bundle) {
    return MoeModel.open(bundle.path(), EngineOptions.defaults().withMeasuredTuning());
  }

  private int batch() {
    return calls.get(0).count();
  }

  private Settings floorSettings() {
    List<DispatchPlan> plans = new ArrayList<>();
    return Fastest.settings(
        settings -> Floor.open(sparse, settings, batch()),
        floor -> {
          if (plans.isEmpty()) {
            calls.forEach(rows -> plans.add(floor.plan(rows)));
          }
          return call -> floor.run(of(plans, call));
        },
        pace);
  }

  private Settings wholeSettings(Bundle bundle) {
    return Fastest.settings(
        settings -> WholeGraph.open(bundle, settings, batch()),
        graph -> call -> graph.run(of(calls, call)),
        pace);
  }

  private @Nullable WholeGraph whole(Bundle bundle, @Nullable Settings settings) {
    return settings == null ? null : WholeGraph.open(bundle, settings, batch());
  }

  private static <T> T of(List<T> some, int call) {
    return some.get(call % some.size());
  }

  private static int expertsThatRun(DispatchPlan plan) {
    int run = 0;
    for (int e = 0; e < plan.experts(); e++) {
      run += plan.count(e) > 0 ? 1 : 0;
    }
    return run;
  }

  /** Class and gate probabilities, the class, and index and weight of each chosen expert. */
  private long answerBytes(Manifest manifest) {
    int numbers = manifest.classes().size() + manifest.experts() + 1 + 2 * manifest.rule().k();
    return (long) batch() * numbers * Float.BYTES;
  }

  private static String settings(Tuning tuning) {
    return "gate: %s; experts: %s".formatted(tuning.gate(), tuning.expert());
  }
}
