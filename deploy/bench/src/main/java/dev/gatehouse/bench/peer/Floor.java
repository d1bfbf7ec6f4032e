package dev.gatehouse.bench.peer;

import dev.gatehouse.engine.combine.Combine;
import dev.gatehouse.engine.dispatch.DispatchPlan;
import dev.gatehouse.engine.gate.Choice;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The least that a sparse answer costs: one bare run of the gate and one of each chosen expert,
 * over tensors of the right sizes that were made before, with the rows in place. No row is
 * gathered, nothing is chosen, no answer leaves its memory. Not thread-safe.
 */
public final class Floor implements Peer {
  private final Manifest manifest;
  private final BareSession gate;
  private final List<BareSession> experts = new ArrayList<>();
  private final Pinned in;
  private final Pinned gathered;
  private final Pinned gateSays;
  private final Pinned answers;

  private Floor(Bundle bundle, Settings settings, int batch) {
    manifest = bundle.manifest();
    String input = manifest.input().name();
    List<Integer> row = manifest.input().shape().dims();
    in = new Pinned(input, row, batch);
    gathered = new Pinned(input, row, batch);
    gateSays = new Pinned(Manifest.GATE_PROBABILITIES, List.of(manifest.experts()), batch);
    answers = new Pinned(Manifest.PROBABILITIES, List.of(manifest.classes().size()), batch);
    String graph = Objects.requireNonNull(manifest.graphs().gate(), "no sparse bundle");
    gate = BareSession.open(bundle.file(graph), settings);
    manifest
        .graphs()
        .experts()
        .forEach(file -> experts.add(BareSession.open(bundle.file(file), settings)));
  }

  /** Loads a sparse bundle for batches of up to {@code batch} rows. */
  public static Floor open(Bundle bundle, Settings settings, int batch) {
    return new Floor(bundle, settings, batch);
  }

  /** Which experts answer the rows. */
  public DispatchPlan plan(RowSource rows) {
    return DispatchPlan.of(route(rows));
  }

  /** The runs, nothing else. */
  public void run(DispatchPlan plan) {
    gate.run(in.first(plan.rows()), gateSays.first(plan.rows()));
    for (int e = 0; e < plan.experts(); e++) {
      int count = plan.count(e);
      if (count > 0) {
        experts.get(e).run(gathered.first(count), answers.first(count));
      }
    }
  }

  /** The same runs with all that is left out of them: {@code [rows, classes]}. */
  public float[] answer(RowSource rows) {
    Routing routing = route(rows);
    DispatchPlan plan = DispatchPlan.of(routing);
    int classes = answers.rowLength();
    float[] all = new float[plan.pairs() * classes];
    for (int e = 0; e < plan.experts(); e++) {
      int count = plan.count(e);
      if (count > 0) {
        for (int i = 0; i < count; i++) {
          int row = plan.rowAt(plan.offset(e) + i);
          rows.write(row, 1, gathered.values(), i * gathered.rowLength());
        }
        experts.get(e).run(gathered.first(count), answers.first(count));
        for (int i = 0; i < count; i++) {
          int to = plan.pairAt(plan.offset(e) + i) * classes;
          answers.values().get(i * classes, all, to, classes);
        }
      }
    }
    return Combine.combine(routing.rows(), routing.k(), routing.expertWeights(), all, classes);
  }

  private Routing route(RowSource rows) {
    rows.write(0, rows.count(), in.values(), 0);
    gate.run(in.first(rows.count()), gateSays.first(rows.count()));
    return Choice.choose(
        manifest.rule(), rows.count(), manifest.experts(), gateSays.copy(rows.count()));
  }

  @Override
  public void close() {
    experts.forEach(BareSession::close);
    gate.close();
    in.close();
    gathered.close();
    gateSays.close();
    answers.close();
  }
}
