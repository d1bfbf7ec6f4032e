package dev.gatehouse.exporter.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.exporter.parity.PortableModel;
import dev.gatehouse.exporter.reference.ReferenceModel;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.network.Column;
import dev.gatehouse.proto.network.RoutingRule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table's rows as a client sends them: raw numbers, and the index of a category's value. */
class ColumnsTest {
  private static final int COLUMNS = 5;
  private static final int EXPERTS = 3;

  @TempDir private static Path folder;

  private static TinyRun run;
  private static Bundle bundle;

  @BeforeAll
  static void export() throws Exception {
    // With every expert in each row no routing tie can hide a difference.
    run =
        TinyRun.untied(
            "table",
            TinyModels.ofTable(EXPERTS, new Column.Numeric("year", 2015, 0.5)),
            new RoutingRule.TopK(EXPERTS),
            1);
    bundle = Exporter.export(run.write(folder.resolve("run")), folder, "table", 1).bundle();
  }

  @Test
  void shouldStandardiseAndExpandInsideEveryGraph() {
    long seed = new Random().nextLong();
    float[] values = rows(40, new Random(seed));
    ReferenceModel reference = new ReferenceModel(run.run().model(), run.weights());
    try (MoeModel engine = MoeModel.open(bundle.path());
        PortableModel portable = PortableModel.open(bundle.file("model.onnx"), bundle.manifest())) {
      float[] split = engine.predict(Rows.of(40, values)).probabilities();
      float[] whole = portable.run(Rows.of(40, values)).probabilities();
      for (int row = 0; row < 40; row++) {
        float[] raw = Arrays.copyOfRange(values, row * COLUMNS, (row + 1) * COLUMNS);
        double[] expected = reference.answer(raw, run.run().serving()).output();
        for (int c = 0; c < expected.length; c++) {
          String where = "seed " + seed + ", row " + row;
          float y = (float) expected[c];
          assertThat(split[row * expected.length + c]).as(where).isCloseTo(y, within(1e-5f));
          assertThat(whole[row * expected.length + c]).as(where).isCloseTo(y, within(1e-5f));
        }
      }
    }
  }

  @Test
  void shouldSeeEveryValueOfACategory() {
    try (MoeModel engine = MoeModel.open(bundle.path())) {
      float[] first = engine.predict(Rows.of(1, row(0, 0))).probabilities();
      assertThat(engine.predict(Rows.of(1, row(1, 0))).probabilities()).isNotEqualTo(first);
      assertThat(engine.predict(Rows.of(1, row(0, 1))).probabilities()).isNotEqualTo(first);
    }
  }

  @Test
  void shouldRefuseWhatIsNoValueOfACategory() {
    try (MoeModel engine = MoeModel.open(bundle.path())) {
      for (float wrong : List.of(-1f, 3f, 0.5f, 1e9f)) {
        float[] rows = Arrays.copyOf(row(2, 1), 2 * COLUMNS);
        System.arraycopy(row(wrong, 0), 0, rows, COLUMNS, COLUMNS);
        assertThatThrownBy(() -> engine.predict(Rows.of(2, rows)))
            .isInstanceOf(BadInput.class)
            .hasMessage(
                "features: column 'colour' takes the index of one of its 3 values, a whole number"
                    + " in [0, 3); row 1 holds "
                    + wrong);
      }
      assertThatThrownBy(() -> engine.predict(Rows.of(1, row(Float.NaN, 0))))
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith("features must be in [");
    }
  }

  private static float[] row(float colour, float side) {
    return new float[] {120, colour, 2015.25f, 0, side};
  }

  private static float[] rows(int count, Random random) {
    float[] values = new float[count * COLUMNS];
    for (int row = 0; row < count; row++) {
      float[] one = row(random.nextInt(3), random.nextInt(2));
      one[0] = (float) random.nextGaussian(130, 60);
      one[2] = (float) random.nextGaussian(2015, 1);
      System.arraycopy(one, 0, values, row * COLUMNS, COLUMNS);
    }
    return values;
  }
}
