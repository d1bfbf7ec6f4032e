package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.gate.Choice;
import dev.gatehouse.engine.pipeline.PredictionListener.Computed;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.runtime.SessionSettings;
import dev.gatehouse.engine.schedule.Costs;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A dense bundle: the portable graph in one session, every expert over every row. Under a top-k
 * rule the graph makes the answer of the chosen experts' alone; the routing says which they are.
 */
record DenseInference(Session session, Manifest manifest) implements Inference {

  static DenseInference open(Bundle bundle, Tuning tuning) {
    return new DenseInference(session(bundle, tuning.expert()), bundle.manifest());
  }

  static Session session(Bundle bundle, SessionSettings settings) {
    Manifest manifest = bundle.manifest();
    Map<String, List<Integer>> outputs =
        Map.of(
            Manifest.GATE_PROBABILITIES, List.of(manifest.experts()),
            Manifest.PROBABILITIES, List.of(manifest.classes().size()));
    return SparseInference.session(
        bundle,
        Objects.requireNonNull(manifest.graphs().portable(), "a dense bundle has a portable graph"),
        outputs,
        settings);
  }

  @Override
  public Prediction answer(Lane lane, int rows) {
    int experts = manifest.experts();
    int classes = manifest.classes().size();
    float[] gate = new float[rows * experts];
    float[] probabilities = new float[rows * classes];
    lane.gate().reserve(rows);
    lane.answers().reserve(rows);
    session.run(lane.in(), rows, lane.gate(), lane.answers());
    lane.gate().values().get(0, gate);
    lane.answers().values().get(0, probabilities);
    Routing routing = Choice.choose(manifest.rule(), rows, experts, gate);
    return Prediction.of(rows, classes, probabilities, routing);
  }

  @Override
  public boolean takesBytes() {
    return session.takesBytes();
  }

  @Override
  public Computed computed() {
    return Computed.EVERY_EXPERT;
  }

  /** {@inheritDoc} Its one graph is timed as one. */
  @Override
  public double expertsARow() {
    return 1;
  }

  @Override
  public Costs costs(Lane lane) {
    double one = Timed.fastest(() -> session.run(lane.in(), 1, lane.gate(), lane.answers()));
    double batch =
        Timed.fastest(() -> session.run(lane.in(), Costs.BATCH, lane.gate(), lane.answers()));
    return new Costs(0, 0, one, batch / Costs.BATCH);
  }

  @Override
  public void close() {
    session.close();
  }
}
