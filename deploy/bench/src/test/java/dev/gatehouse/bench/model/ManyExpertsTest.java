package dev.gatehouse.bench.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.engine.experts.ExpertMemory;
import dev.gatehouse.engine.pipeline.EngineOptions;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.schedule.Workers;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.network.RoutingRule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hundreds of experts where a few are in memory. */
class ManyExpertsTest {
  private static final int EXPERTS = 512;
  private static final int ROWS = 300;

  @TempDir private Path folder;

  @Test
  void shouldServeFiveHundredExpertsWithATenthOfThemInMemory() throws Exception {
    RandomModel model = RandomModel.of(Family.named("mnist"), EXPERTS, 1);
    Path bundle = model.write(folder, "many", new RoutingRule.TopK(2));
    Manifest manifest = Bundle.open(bundle).manifest();
    long all =
        manifest.graphs().experts().stream()
            .mapToLong(path -> requireNonNull(manifest.files().get(path)).bytes())
            .sum();
    RowSet set = RowSet.of(model.prototypes(), EXPERTS, 2);
    int[] rows = new SplittableRandom(3).ints(ROWS, 0, set.size()).toArray();

    try (Workers workers = new Workers(2);
        MoeModel whole = MoeModel.open(bundle);
        MoeModel tenth =
            MoeModel.open(
                bundle,
                EngineOptions.defaults()
                    .withWorkers(workers)
                    .withExpertMemory(ExpertMemory.loaded(all) / 10))) {
      assertThat(whole.residentExperts()).isEqualTo(EXPERTS);
      assertThat(tenth.residentExperts()).isBetween(1, EXPERTS / 10);

      RowSource batch = set.batch(rows);
      Prediction expected = whole.predict(batch);
      Prediction answer = tenth.predict(batch);

      assertThat(answer.routing().expertIndices()).isEqualTo(expected.routing().expertIndices());
      assertThat(answer.probabilities()).containsExactly(expected.probabilities(), within(1e-6f));
      assertThat(Arrays.stream(answer.routing().expertIndices()).distinct().count())
          .as("experts that the rows needed")
          .isGreaterThan(EXPERTS / 5);
      assertThat(tenth.residentExperts()).isBetween(1, EXPERTS / 10);
    }
  }
}
