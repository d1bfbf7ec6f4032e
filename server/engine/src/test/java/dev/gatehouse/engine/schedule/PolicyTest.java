package dev.gatehouse.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final double FEW = 3.2;

  @Test
  void shouldBatchPerTickWhereARowIsCheap() {
    assertThat(Policy.of(new Costs(5_000, 5_000, 8_000, 4_000), true, FEW))
        .isEqualTo(Policy.PER_TICK);
    assertThat(Policy.of(new Costs(0, 0, 8_000, 4_000), false, FEW)).isEqualTo(Policy.PER_TICK);
  }

  @Test
  void shouldBatchPerExpertWhereABatchSavesARowMuch() {
    assertThat(Policy.of(new Costs(5_000, 5_000, 38_000, 4_600), true, FEW))
        .isEqualTo(Policy.PER_EXPERT);
  }

  @Test
  void shouldNotHoldUpAnEventLoopWithAHeavyRowThatNoBatchMakesCheaper() {
    assertThat(Policy.of(new Costs(5_000, 5_000, 500_000, 500_000), true, FEW))
        .isEqualTo(Policy.PER_EXPERT);
    assertThat(Policy.of(new Costs(0, 0, 500_000, 500_000), false, FEW))
        .isEqualTo(Policy.PER_MODEL);
  }

  @Test
  void shouldCountAHeavyGateAmongWhatHoldsUpAnEventLoop() {
    assertThat(Policy.of(new Costs(500_000, 500_000, 8_000, 8_000), true, FEW))
        .isEqualTo(Policy.PER_EXPERT);
  }

  @Test
  void shouldBatchOverAllCallsWhereThatBringsEachExpertManyRows() {
    Costs costs = new Costs(5_000, 5_000, 38_000, 4_600);

    assertThat(Policy.of(costs, true, 16)).isEqualTo(Policy.PER_MODEL);
    assertThat(Policy.of(costs, true, 15.9)).isEqualTo(Policy.PER_EXPERT);
    assertThat(Policy.of(new Costs(5_000, 5_000, 8_000, 4_000), true, 16))
        .isEqualTo(Policy.PER_TICK);
  }
}
