package dev.gatehouse.engine.pipeline;

import dev.gatehouse.engine.gate.Choice;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.runtime.Target;
import dev.gatehouse.engine.tensor.BufferPool;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A dense bundle: the portable graph in one session, every expert over every row. Under a top-k
 * rule the graph makes the answer of the chosen experts' alone; the routing says which they are.
 */
record DenseInference(Session session, Manifest manifest, BufferPool buffers) implements Inference {

  static DenseInference open(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    Map<String, List<Integer>> outputs =
        Map.of(
            Manifest.GATE_PROBABILITIES, List.of(manifest.experts()),
            Manifest.PROBABILITIES, List.of(manifest.classes().size()));
    return new DenseInference(
        SparseInference.session(
            bundle,
            Objects.requireNonNull(
                manifest.graphs().portable(), "a dense bundle has a portable graph"),
            outputs),
        manifest,
        new BufferPool());
  }

  @Override
  public Answer answer(Rows rows) {
    int count = rows.count();
    int experts = manifest.experts();
    int classes = manifest.classes().size();
    float[] gate = new float[count * experts];
    float[] probabilities = new float[count * classes];
    try (BufferPool.Loan gateOut = buffers.lend(gate.length);
        BufferPool.Loan out = buffers.lend(probabilities.length)) {
      session.run(
          rows.values(),
          count,
          List.of(
              new Target.Floats(Manifest.GATE_PROBABILITIES, gateOut.values(), count, experts),
              new Target.Floats(Manifest.PROBABILITIES, out.values(), count, classes)));
      gateOut.values().get(0, gate);
      out.values().get(0, probabilities);
    }
    Routing routing = Choice.choose(manifest.rule(), count, experts, gate);
    int[] computedRows = new int[experts];
    Arrays.fill(computedRows, count);
    return new Answer(Prediction.of(count, classes, probabilities, routing), computedRows);
  }

  @Override
  public void close() {
    session.close();
  }
}
