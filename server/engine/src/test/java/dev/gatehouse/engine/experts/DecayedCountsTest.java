package dev.gatehouse.engine.experts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DecayedCountsTest {
  private static final long HALF_LIFE = 60;

  @Test
  void shouldCountAUseHalfAfterAHalfLife() {
    DecayedCounts counts = new DecayedCounts(2, HALF_LIFE, 0);
    counts.add(0, 10, 0);
    counts.add(1, 4.9, HALF_LIFE);
    assertThat(counts.isLess(1, 0)).as("4.9 now against 10 a half-life ago").isTrue();

    counts.add(1, .2, HALF_LIFE);
    assertThat(counts.isLess(0, 1)).as("5.1 now against 10 a half-life ago").isTrue();
  }

  @Test
  void shouldKeepTheOrderWhenWeightsAreScaledDown() {
    DecayedCounts counts = new DecayedCounts(3, HALF_LIFE, 0);
    counts.add(0, 1, 0);
    long later = 500 * HALF_LIFE;
    counts.add(1, 8, later);
    counts.add(2, 3, later + HALF_LIFE);

    assertThat(counts.isLess(0, 1)).isTrue();
    assertThat(counts.isLess(2, 1)).as("3 against 8 / 2").isTrue();
    counts.add(2, 2, later + HALF_LIFE);
    assertThat(counts.isLess(1, 2)).as("5 against 8 / 2").isTrue();
  }
}
