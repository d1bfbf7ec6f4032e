package dev.gatehouse.exporter.parity;

import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
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
    try (PartModel part = PartModel.open(bundle.file(file), input, output, width)) {
      return part.run(rows);
    }
  }
}
