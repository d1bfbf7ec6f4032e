package dev.gatehouse.bench.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.exporter.parity.BundleCheck;
import dev.gatehouse.proto.network.RoutingRule;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomModelTest {
  private static final RoutingRule TOP_2 = new RoutingRule.TopK(2);

  @TempDir private Path folder;

  /** Otherwise rows would not spread over the experts as they are drawn. */
  @ParameterizedTest
  @CsvSource({"mnist, 32", "cifar-light, 8", "mlp, 64"})
  void shouldSendRowsToTheExpertOfTheirPrototype(String family, int experts) throws Exception {
    RandomModel model = RandomModel.of(Family.named(family), experts, 3);
    RowSet rows = RowSet.of(model.prototypes(), 4 * experts, 4);
    int[] all = IntStream.range(0, rows.size()).toArray();
    Path bundle = model.write(folder, "model", new RoutingRule.TopK(1));

    try (MoeModel opened = MoeModel.open(bundle)) {
      int[] chosen = opened.predict(rows.batch(all)).routing().expertIndices();

      assertThat(IntStream.of(all).filter(row -> chosen[row] == row % experts).count())
          .isGreaterThanOrEqualTo(rows.size() * 99L / 100);
    }
  }

  /** The check opens both forms of the bundle and holds them against the self-test. */
  @Test
  void shouldWriteABundleThatVerifies() throws Exception {
    Path bundle = RandomModel.of(Family.named("mlp"), 3, 5).write(folder, "model", TOP_2);

    assertThat(BundleCheck.check(bundle).maxAbsDiff()).isLessThan(1e-4);
  }

  @Test
  void shouldPutTogetherTheModelThatItWouldExport() throws Exception {
    RandomModel model = RandomModel.of(Family.named("mlp"), 4, 6);
    RowSource rows = RowSet.of(model.prototypes(), 32, 7).batch(IntStream.range(0, 32).toArray());

    Prediction exported = answer(model.export(folder, "exported", TOP_2), rows);
    Prediction together = answer(model.putTogether(folder, "together", TOP_2), rows);

    assertThat(together.probabilities()).containsExactly(exported.probabilities());
    assertThat(together.routing().expertIndices())
        .containsExactly(exported.routing().expertIndices());
  }

  private static Prediction answer(Path bundle, RowSource rows) {
    try (MoeModel model = MoeModel.open(bundle)) {
      return model.predict(rows);
    }
  }
}
