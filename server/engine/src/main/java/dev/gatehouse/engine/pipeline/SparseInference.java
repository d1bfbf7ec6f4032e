package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.experts.ExpertMemory;
import dev.gatehouse.engine.experts.Experts;
import dev.gatehouse.engine.experts.ResidencyListener;
import dev.gatehouse.engine.gate.Choice;
import dev.gatehouse.engine.gate.Gate;
import dev.gatehouse.engine.pipeline.PredictionListener.Computed;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.runtime.SessionSettings;
import dev.gatehouse.engine.schedule.Costs;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.network.RoutingRule;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/** The stages of a sparse bundle, in their order: gate, dispatch, experts, combine. */
record SparseInference(Gate gate, Experts experts, Manifest manifest) implements Inference {

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
    Session gate = gate(bundle, tuning.gate());
    try {
      Experts experts =
          new Experts(
              memory(manifest, expertMemory), e -> expert(bundle, e, tuning.expert()), listener);
      return new SparseInference(new Gate(gate, manifest.experts()), experts, manifest);
    } catch (RuntimeException e) {
      gate.close();
      throw e;
    }
  }

  private static ExpertMemory memory(Manifest manifest, long limit) {
    double growth = manifest.precision().growth();
    List<Long> bytes =
        manifest.graphs().experts().stream()
            .map(graph -> ExpertMemory.loaded((long) (growth * manifest.bytesOf(graph))))
            .toList();
    return new ExpertMemory(limit, bytes, manifest.baseline().share());
  }

  static Session gate(Bundle bundle, SessionSettings settings) {
    Manifest manifest = bundle.manifest();
    String file = manifest.graphs().gate();
    if (file == null) {
      throw new BadInput(bundle.path() + ": there is no gate graph");
    }
    return session(
        bundle, file, Map.of(Manifest.GATE_PROBABILITIES, List.of(manifest.experts())), settings);
  }

  static Session expert(Bundle bundle, int e, SessionSettings settings) {
    Manifest manifest = bundle.manifest();
    return session(
        bundle,
        manifest.graphs().experts().get(e),
        Map.of(Manifest.PROBABILITIES, List.of(manifest.classes().size())),
        settings);
  }

  static Session session(
      Bundle bundle, String file, Map<String, List<Integer>> outputs, SessionSettings settings) {
    var input = bundle.manifest().input();
    return Session.open(bundle.file(file), input.name(), input.shape().dims(), outputs, settings);
  }

  /** {@code [rows, experts]}: what the gate says of the first {@code rows} of {@code lane.in()}. */
  float[] gateProbabilities(Lane lane, int rows) {
    return gate.probabilities(lane.in(), rows, lane.gate());
  }

  /**
   * Which experts rows need.
   *
   * @param gateProbabilities {@code [rows, experts]}; becomes part of the answer
   * @param memory for what experts answer; see {@link ChosenRows#of}
   */
  RoutedRows routed(int rows, float[] gateProbabilities, IntFunction<float[]> memory) {
    int classes = manifest.classes().size();
    return manifest.rule() instanceof RoutingRule.Certified
        ? new CertifiedRows(rows, manifest.experts(), classes, gateProbabilities)
        : ChosenRows.of(
            Choice.choose(manifest.rule(), rows, manifest.experts(), gateProbabilities),
            classes,
            memory);
  }

  @Override
  public Prediction answer(Lane lane, int rows) {
    RoutedRows routed = routed(rows, gateProbabilities(lane, rows), lane.pairs()::ofAtLeast);
    routed.answerBy(experts, lane);
    return routed.prediction();
  }

  /**
   * {@inheritDoc}
   *
   * <p>How many a certified row needs is known once it was answered. Beforehand it is taken for as
   * many as its gate's probability is spread over, 2 to its entropy.
   */
  @Override
  public double expertsARow() {
    return manifest.rule() instanceof RoutingRule.Certified
        ? Math.min(Math.pow(2, manifest.baseline().gateEntropy()), manifest.experts())
        : manifest.rule().k();
  }

  @Override
  public boolean takesBytes() {
    return gate.takesBytes();
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
        Timed.fastest(() -> gate.run(lane.in(), Costs.BATCH, lane.gate())) / Costs.BATCH,
        Timed.typical(
            timed, i -> experts.rehearse(chosen.applyAsInt(i), lane.in(), 1, lane.answers())),
        Timed.typical(
                timed,
                i -> experts.rehearse(chosen.applyAsInt(i), lane.in(), Costs.BATCH, lane.answers()))
            / Costs.BATCH);
  }

  @Override
  public void close() {
    gate.close();
    experts.close();
  }
}
