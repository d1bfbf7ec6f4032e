package dev.gatehouse.trainer.evaluation;

import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.trainer.data.LabelledRows;
import java.util.List;

/**
 * Records what a trained model itself says of some raw rows, under the rule that is served; of a
 * rule that stops early, what every expert says.
 */
public final class SelfTests {
  private SelfTests() {}

  /** Up to {@link SelfTest#ROWS} rows, evenly spread over a split. */
  public static LabelledRows rows(LabelledRows split) {
    int rows = Math.min(SelfTest.ROWS, split.size());
    int[] indices = new int[rows];
    for (int i = 0; i < rows; i++) {
      indices[i] = (int) ((long) i * split.size() / rows);
    }
    return split.take(indices);
  }

  /**
   * Records rows with what the model says of them.
   *
   * @param classes names of the classes
   * @param raw the rows
   */
  public static SelfTest record(
      List<String> classes, LabelledRows raw, Predictions said, RoutingRule serving) {
    int rows = raw.size();
    float[] gate = new float[rows * said.experts()];
    float[] outputs = new float[rows * said.classes()];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(said.gate(i), 0, gate, i * said.experts(), said.experts());
      float[] answer = said.answer(serving.inOneGraph(), i);
      System.arraycopy(answer, 0, outputs, i * said.classes(), said.classes());
    }
    return new SelfTest(serving, classes, raw.rows(), raw.labels().clone(), gate, outputs);
  }
}
