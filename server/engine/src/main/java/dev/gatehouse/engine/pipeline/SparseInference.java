package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.combine.Combine;
import dev.gatehouse.engine.dispatch.DispatchPlan;
import dev.gatehouse.engine.experts.Experts;
import dev.gatehouse.engine.gate.Gate;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.tensor.BufferPool;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The stages of a sparse bundle, in their order: gate, dispatch, experts, combine. */
record SparseInference(Gate gate, Experts experts, int classes) implements Inference {

  static SparseInference open(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    String gateFile = manifest.graphs().gate();
    if (gateFile == null) {
      throw new BadInput(bundle.path() + ": there is no gate graph");
    }
    int classes = manifest.classes().size();
    BufferPool buffers = new BufferPool();
    List<Session> opened = new ArrayList<>();
    try {
      opened.add(
          session(
              bundle, gateFile, Map.of(Manifest.GATE_PROBABILITIES, List.of(manifest.experts()))));
      for (String file : manifest.graphs().experts()) {
        opened.add(session(bundle, file, Map.of(Manifest.PROBABILITIES, List.of(classes))));
      }
    } catch (RuntimeException e) {
      opened.forEach(Session::close);
      throw e;
    }
    return new SparseInference(
        new Gate(opened.get(0), manifest.experts(), manifest.rule(), buffers),
        new Experts(opened.subList(1, opened.size()), classes, buffers),
        classes);
  }

  static Session session(Bundle bundle, String file, Map<String, List<Integer>> outputs) {
    var input = bundle.manifest().input();
    return Session.open(bundle.file(file), input.name(), input.shape().dims(), outputs);
  }

  @Override
  public Answer answer(Rows rows) {
    Routing routing = gate.route(rows);
    DispatchPlan plan = DispatchPlan.of(routing);
    try (BufferPool.Loan answers = experts.answer(plan, rows)) {
      float[] probabilities =
          Combine.combine(plan, routing.expertWeights(), answers.values(), classes);
      return new Answer(
          Prediction.of(rows.count(), classes, probabilities, routing), plan.counts());
    }
  }

  @Override
  public void close() {
    gate.close();
    experts.close();
  }
}
