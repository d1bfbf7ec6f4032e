package dev.gatehouse.engine.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.tensor.Routing;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
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

    assertThat(counts(plan)).containsExactly(2, 0, 2, 1);
    assertThat(new int[] {plan.rowAt(0), plan.rowAt(1)}).containsExactly(1, 4);
    assertThat(new int[] {plan.rowAt(2), plan.rowAt(3)}).containsExactly(0, 2);
    assertThat(plan.rowAt(4)).isEqualTo(3);
  }

  @Test
  void shouldKnowTheSlotOfEachPair() {
    DispatchPlan plan = DispatchPlan.of(routing(3, 2, 2, 0, 1, 2));

    assertThat(plan.pairAt(0)).as("expert 0: row 0, slot 1").isEqualTo(1);
    assertThat(plan.pairAt(1)).as("expert 1: row 1, slot 0").isEqualTo(2);
    assertThat(plan.pairAt(2)).as("expert 2: row 0, slot 0").isEqualTo(0);
    assertThat(plan.pairAt(3)).as("expert 2: row 1, slot 1").isEqualTo(3);
  }

  @Test
  void shouldPassOverWhatIsNoExpert() {
    DispatchPlan plan = DispatchPlan.of(routing(3, 2, 2, 0, 1, -1, -1, -1, 2, 1));

    assertThat(counts(plan)).containsExactly(1, 2, 2);
    assertThat(plan.rows()).isEqualTo(4);
    assertThat(plan.pairs()).isEqualTo(5);
    assertThat(new int[] {plan.pairAt(1), plan.pairAt(2)}).containsExactly(2, 7);
    assertThat(new int[] {plan.rowAt(3), plan.rowAt(4)}).containsExactly(0, 3);
  }

  @Test
  void shouldPlanNothingForNoRows() {
    DispatchPlan plan = DispatchPlan.of(routing(3, 2));

    assertThat(plan.pairs()).isZero();
    assertThat(counts(plan)).containsExactly(0, 0, 0);
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
      for (int e = 0; e < experts; e++) {
        int before = -1;
        for (int position = plan.offset(e); position < plan.offset(e + 1); position++) {
          int pair = plan.pairAt(position);
          assertThat(seen[pair]).as("seed %d, case %d", seed, i).isFalse();
          seen[pair] = true;
          assertThat(chosen[pair]).as("seed %d, case %d", seed, i).isEqualTo(e);
          assertThat(plan.rowAt(position)).as("seed %d, case %d", seed, i).isEqualTo(pair / k);
          assertThat(pair).as("seed %d, case %d", seed, i).isGreaterThan(before);
          before = pair;
        }
      }
      assertThat(plan.offset(experts)).isEqualTo(rows * k);
    }
  }

  private static int[] counts(DispatchPlan plan) {
    return IntStream.range(0, plan.experts()).map(plan::count).toArray();
  }
}
