package dev.gatehouse.trainer.evaluation;

import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.trainer.data.LabelledRows;
import java.util.Arrays;
import java.util.List;

/**
 * Records what a trained model itself says of some raw rows, under the rule that is served; of a
 * rule that stops early, what every expert says.
 */
public final class SelfTests {
  private SelfTests() {}

  /**
   * Records up to {@link SelfTest#ROWS} rows, evenly spread over a split.
   *
   * @param classes names of the classes
   * @param split the raw rows
   * @param all what the model says of this split
   */
  public static SelfTest record(
      List<String> classes, LabelledRows split, Predictions all, RoutingRule serving) {
    int rows = Math.min(SelfTest.ROWS, split.size());
    int[] indices = new int[rows];
    for (int i = 0; i < rows; i++) {
      indices[i] = (int) ((long) i * split.size() / rows);
    }
    float[] gate = new float[rows * all.experts()];
    float[] outputs = new float[rows * all.classes()];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(all.gate(indices[i]), 0, gate, i * all.experts(), all.experts());
      float[] answer = all.answer(serving.inOneGraph(), indices[i]);
      System.arraycopy(answer, 0, outputs, i * all.classes(), all.classes());
    }
    LabelledRows taken = split.take(indices);
    return new SelfTest(
        serving, classes, taken.rows(), Arrays.copyOf(taken.labels(), rows), gate, outputs);
  }
}
