package dev.gatehouse.exporter.parity;

import dev.gatehouse.engine.runtime.Optimisation;
import dev.gatehouse.engine.runtime.Session;
import dev.gatehouse.engine.runtime.SessionSettings;
import dev.gatehouse.engine.runtime.Target;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the split graphs of a bundle say of N rows when every expert runs.
 *
 * @param gateProbabilities {@code [N, M]} row-major
 * @param probabilities {@code [N, C]} sum_e p_e o_e, row-major
 */
record SplitAnswer(float[] gateProbabilities, float[] probabilities) {

  /** Runs the gate, then one expert after another. */
  static SplitAnswer of(Bundle bundle, Rows rows) {
    Manifest manifest = bundle.manifest();
    int experts = manifest.experts();
    int classes = manifest.classes().size();
    String gateFile = Objects.requireNonNull(manifest.graphs().gate());
    float[] gate = run(bundle, gateFile, Manifest.GATE_PROBABILITIES, experts, rows);
    double[] sum = new double[rows.count() * classes];
    for (int e = 0; e < experts; e++) {
      String file = manifest.graphs().experts().get(e);
      float[] answers = run(bundle, file, Manifest.PROBABILITIES, classes, rows);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += (double) gate[i / classes * experts + e] * answers[i];
      }
    }
    float[] probabilities = new float[sum.length];
    for (int i = 0; i < sum.length; i++) {
      probabilities[i] = (float) sum[i];
    }
    return new SplitAnswer(gate, probabilities);
  }

  private static float[] run(Bundle bundle, String file, String output, int width, Rows rows) {
    var input = bundle.manifest().input();
    int n = rows.count();
    FloatBuffer values = PortableModel.floats(n * width);
    try (Session session =
        Session.open(
            bundle.file(file),
            input.name(),
            input.shape().dims(),
            Map.of(output, List.of(width)),
            SessionSettings.of(Optimisation.EXTENDED))) {
      session.run(rows.values(), n, List.of(new Target.Floats(output, values, n, width)));
    }
    return PortableModel.array(values);
  }
}
