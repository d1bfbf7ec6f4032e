package dev.gatehouse.exporter.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.exporter.parity.PortableModel;
import dev.gatehouse.exporter.reference.ReferenceModel;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.proto.bundle.Bundle;
import java.util.Arrays;

/** Holds what a bundle answers, through the engine and its portable graph, against plain loops. */
public final class LoopAnswers {
  private LoopAnswers() {}

  /**
   * Requires the same probabilities within 1e-5.
   *
   * @param values raw rows, {@code [rows, shape of a row]}
   * @param what says in a failure what was answered
   */
  public static void require(TinyRun run, Bundle bundle, float[] values, String what) {
    requireWithin(1e-5f, run, bundle, values, what);
  }

  /** The same within {@code bound}. */
  public static void requireWithin(
      float bound, TinyRun run, Bundle bundle, float[] values, String what) {
    int length = run.run().model().input().shape().elements();
    int rows = values.length / length;
    ReferenceModel reference = new ReferenceModel(run.run().model(), run.weights());
    try (MoeModel engine = MoeModel.open(bundle.path());
        PortableModel portable = PortableModel.open(bundle.file("model.onnx"), bundle.manifest())) {
      float[] split = engine.predict(Rows.of(rows, values)).probabilities();
      float[] whole = portable.run(Rows.of(rows, values)).probabilities();
      for (int row = 0; row < rows; row++) {
        float[] raw = Arrays.copyOfRange(values, row * length, (row + 1) * length);
        double[] expected = reference.answer(raw, run.run().serving()).output();
        for (int c = 0; c < expected.length; c++) {
          String where = what + ", row " + row;
          float y = (float) expected[c];
          assertThat(split[row * expected.length + c]).as(where).isCloseTo(y, within(bound));
          assertThat(whole[row * expected.length + c]).as(where).isCloseTo(y, within(bound));
        }
      }
    }
  }
}
