package dev.gatehouse.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FenceTest {
  @Test
  void shouldStandThreeMiddleHalvesAway() {
    // Quartiles of 1 to 9 are 3 and 7.
    Fence fence = Fence.of(new double[] {9, 1, 8, 2, 7, 3, 6, 4, 5});

    assertThat(fence).isEqualTo(new Fence(-9, 19));
    assertThat(fence.has(-9)).isTrue();
    assertThat(fence.has(19.1)).isFalse();
  }

  @Test
  void shouldBeOpenWhereNothingIsOutOfTheOrdinary() {
    Fence open = new Fence(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    assertThat(Fence.of(new double[0])).isEqualTo(open);
    assertThat(Fence.of(new double[] {0, 0, 0, 0, 5})).as("no middle half").isEqualTo(open);
    assertThat(Fence.of(new double[] {1, 2, 3, 4, 99})).as("one in five").isEqualTo(open);
    assertThat(Fence.of(new double[] {1, 2, 3, 4, 5, 6, 7, 99}).has(99)).isFalse();
  }
}
