package dev.gatehouse.engine.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.tensor.Routing;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DispatchPlanTest {
  private static Routing routing(int experts, int k, int... chosen) {
    int rows = chosen.length / k;
    return new Routing(
        rows, experts, k, new float[rows * experts], chosen, new float[chosen.length]);
  }

  @Test
  void shouldSortRowsByExpertAndKeepTheirOrder() {
    DispatchPlan plan = DispatchPlan.of(routing(4, 1, 2, 0, 2, 3, 0));

    assertThat(plan.counts()).containsExactly(2, 0, 2, 1);
    assertThat(new int[] {plan.rowAt(0), plan.rowAt(1)}).containsExactly(1, 4);
    assertThat(new int[] {plan.rowAt(2), plan.rowAt(3)}).containsExactly(0, 2);
    assertThat(plan.rowAt(4)).isEqualTo(3);
  }

  @Test
  void shouldFindEachAnswerOfARowAgain() {
    DispatchPlan plan = DispatchPlan.of(routing(3, 2, 2, 0, 1, 2));

    assertThat(plan.positionOf(0, 0)).isEqualTo(2);
    assertThat(plan.positionOf(0, 1)).isEqualTo(0);
    assertThat(plan.positionOf(1, 0)).isEqualTo(1);
    assertThat(plan.positionOf(1, 1)).isEqualTo(3);
  }

  @Test
  void shouldPlanNothingForNoRows() {
    DispatchPlan plan = DispatchPlan.of(routing(3, 2));

    assertThat(plan.pairs()).isZero();
    assertThat(plan.counts()).containsExactly(0, 0, 0);
  }

  @Test
  void shouldHoldEveryPairExactlyOnceOnRandomRoutings() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      int experts = 1 + random.nextInt(64);
      int k = 1 + random.nextInt(Math.min(experts, 4));
      int rows = random.nextInt(200);
      int[] chosen = new int[rows * k];
      for (int row = 0; row < rows; row++) {
        List<Integer> left = new ArrayList<>();
        for (int e = 0; e < experts; e++) {
          left.add(e);
        }
        for (int slot = 0; slot < k; slot++) {
          chosen[row * k + slot] = left.remove(random.nextInt(left.size()));
        }
      }

      DispatchPlan plan = DispatchPlan.of(routing(experts, k, chosen));

      boolean[] seen = new boolean[plan.pairs()];
      for (int row = 0; row < rows; row++) {
        for (int slot = 0; slot < k; slot++) {
          int expert = chosen[row * k + slot];
          int position = plan.positionOf(row, slot);
          assertThat(seen[position]).as("seed %d, case %d", seed, i).isFalse();
          seen[position] = true;
          assertThat(plan.rowAt(position)).as("seed %d, case %d", seed, i).isEqualTo(row);
          assertThat(position)
              .as("seed %d, case %d", seed, i)
              .isBetween(plan.offset(expert), plan.offset(expert + 1) - 1);
        }
      }
    }
  }
}
