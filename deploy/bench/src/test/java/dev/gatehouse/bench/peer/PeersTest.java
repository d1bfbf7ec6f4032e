package dev.gatehouse.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.bench.model.Family;
import dev.gatehouse.bench.model.RandomModel;
import dev.gatehouse.bench.model.RowSet;
import dev.gatehouse.engine.dispatch.DispatchPlan;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.RowSource;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.network.RoutingRule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times of peers mean nothing unless they answer as the engine does. */
class PeersTest {
  private static final int EXPERTS = 4;
  private static final int BATCH = 24;

  @TempDir private Path folder;
  private RandomModel model;
  private RowSource rows;

  @BeforeEach
  void draw() {
    model = RandomModel.of(Family.named("mnist"), EXPERTS, 1);
    RowSet set = RowSet.of(model.prototypes(), 200, 2);
    rows = set.batch(new SplittableRandom(3).ints(BATCH, 0, set.size()).toArray());
  }

  private Bundle bundle(RoutingRule rule) throws Exception {
    return Bundle.open(model.write(folder, "model", rule));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void shouldAnswerAsTheEngineInEverySetting(int k) throws Exception {
    Bundle bundle = bundle(new RoutingRule.TopK(k));
    try (MoeModel engine = MoeModel.open(bundle.path())) {
      Prediction expected = engine.predict(rows);
      for (Settings settings : Settings.ALL) {
        try (Floor floor = Floor.open(bundle, settings, BATCH);
            WholeGraph portable = WholeGraph.open(bundle, settings, BATCH)) {
          // A timed run comes in between and must leave nothing behind.
          floor.run(floor.plan(rows));
          portable.run(rows);

          requireSame(floor.answer(rows), expected);
          requireSame(portable.answer(rows), expected);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void shouldRunTheExpertsThatTheEngineRuns(int k) throws Exception {
    Bundle bundle = bundle(new RoutingRule.TopK(k));
    try (MoeModel engine = MoeModel.open(bundle.path());
        Floor floor = Floor.open(bundle, Settings.ALL.get(0), BATCH)) {
      DispatchPlan plan = floor.plan(rows);
      int[] chosen = engine.predict(rows).routing().expertIndices();

      for (int e = 0; e < EXPERTS; e++) {
        int expert = e;
        assertThat(plan.count(e))
            .isEqualTo((int) Arrays.stream(chosen).filter(c -> c == expert).count());
      }
    }
  }

  @Test
  void shouldAnswerAsTheEngineWithEveryExpert() throws Exception {
    Bundle bundle = bundle(new RoutingRule.Dense());
    try (MoeModel engine = MoeModel.open(bundle.path());
        WholeGraph dense = WholeGraph.open(bundle, Settings.ALL.get(0), BATCH)) {
      requireSame(dense.answer(rows), engine.predict(rows));
    }
  }

  private static void requireSame(float[] answer, Prediction expected) {
    assertThat(answer)
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(expected.probabilities());
  }
}
