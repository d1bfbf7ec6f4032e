package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.combine.Combine;
import dev.gatehouse.engine.dispatch.DispatchPlan;
import dev.gatehouse.engine.experts.ExpertMemory;
import dev.gatehouse.engine.experts.Experts;
import dev.gatehouse.engine.experts.ResidencyListener;
import dev.gatehouse.engine.gate.Gate;
import dev.gatehouse.engine.pipeline.PredictionListener.Computed;
import dev.gatehouse.engine.runtime.Optimisation;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.schedule.Costs;
import dev.gatehouse.engine.schedule.Hop;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/** The stages of a sparse bundle, in their order: gate, dispatch, experts, combine. */
record SparseInference(Gate gate, Experts experts, int classes) implements Inference {

  /** Experts that are timed at most, evenly chosen: enough to overflow a processor's caches. */
  private static final int TIMED = 64;

  /**
   * Loads the gate, and experts as far as they may be in memory.
   *
   * @param expertMemory bytes that experts may take
   */
  static SparseInference open(
      Bundle bundle, Tuning tuning, long expertMemory, ResidencyListener listener) {
    Manifest manifest = bundle.manifest();
    int classes = manifest.classes().size();
    Session gate = gate(bundle, tuning.gate());
    try {
      Experts experts =
          new Experts(
              memory(manifest, expertMemory),
              e -> expert(bundle, e, tuning.expert()),
              classes,
              listener);
      return new SparseInference(
          new Gate(gate, manifest.experts(), manifest.rule()), experts, classes);
    } catch (RuntimeException e) {
      gate.close();
      throw e;
    }
  }

  private static ExpertMemory memory(Manifest manifest, long limit) {
    List<Long> bytes = new ArrayList<>();
    for (String file : manifest.graphs().experts()) {
      bytes.add(ExpertMemory.loaded(Objects.requireNonNull(manifest.files().get(file)).bytes()));
    }
    return new ExpertMemory(limit, bytes, manifest.baseline().share());
  }

  static Session gate(Bundle bundle, Optimisation level) {
    Manifest manifest = bundle.manifest();
    String file = manifest.graphs().gate();
    if (file == null) {
      throw new BadInput(bundle.path() + ": there is no gate graph");
    }
    return session(
        bundle, file, Map.of(Manifest.GATE_PROBABILITIES, List.of(manifest.experts())), level);
  }

  static Session expert(Bundle bundle, int e, Optimisation level) {
    Manifest manifest = bundle.manifest();
    return session(
        bundle,
        manifest.graphs().experts().get(e),
        Map.of(Manifest.PROBABILITIES, List.of(manifest.classes().size())),
        level);
  }

  static Session session(
      Bundle bundle, String file, Map<String, List<Integer>> outputs, Optimisation level) {
    var input = bundle.manifest().input();
    return Session.open(bundle.file(file), input.name(), input.shape().dims(), outputs, level);
  }

  @Override
  public Prediction answer(Lane lane, int rows) {
    Routing routing = gate.route(lane.in(), rows, lane.gate());
    DispatchPlan plan = DispatchPlan.of(routing);
    float[] answers = experts.answer(plan, lane.in(), lane.gathered(), lane.answers());
    float[] probabilities =
        Combine.combine(rows, routing.k(), routing.expertWeights(), answers, classes);
    return Prediction.of(rows, classes, probabilities, routing);
  }

  @Override
  public Computed computed() {
    return Computed.THE_CHOSEN;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Experts are timed in turn, so that weights come from where they do under random rows: from
   * memory where all experts together are larger than the caches.
   */
  @Override
  public Costs costs(Lane lane) {
    int[] resident = experts.resident();
    int timed = Math.min(resident.length, TIMED);
    IntUnaryOperator chosen = i -> resident[(int) ((long) i * resident.length / timed)];
    double gateRow = Timed.fastest(() -> gate.run(lane.in(), 1, lane.gate()));
    return new Costs(
        gateRow,
        Timed.typical(timed, i -> experts.run(chosen.applyAsInt(i), lane.in(), 1, lane.answers())),
        Timed.typical(
                timed,
                i -> experts.run(chosen.applyAsInt(i), lane.in(), Costs.BATCH, lane.answers()))
            / Costs.BATCH,
        Hop.nanos());
  }

  @Override
  public void close() {
    gate.close();
    experts.close();
  }
}
