package dev.gatehouse.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoutingTest {
  private static final Routing THREE_ROWS =
      new Routing(
          3,
          4,
          3,
          new float[12],
          new int[] {2, -1, -1, 3, 1, -1, 0, 1, 2},
          new float[] {1, 0, 0, .75f, .25f, 0, .5f, .375f, .125f});

  @Test
  void shouldCountTheExpertsOfARow() {
    assertThat(new int[] {THREE_ROWS.count(0), THREE_ROWS.count(1), THREE_ROWS.count(2)})
        .containsExactly(1, 2, 3);
  }

  @Test
  void shouldBeAsWideAsThePartNeeds() {
    Routing part = THREE_ROWS.part(0, 2);

    assertThat(part.k()).isEqualTo(2);
    assertThat(part.expertIndices()).containsExactly(2, -1, 3, 1);
    assertThat(part.expertWeights()).containsExactly(1, 0, .75f, .25f);
    assertThat(part.gateProbabilities()).hasSize(8);
    assertThat(THREE_ROWS.part(1, 2).expertIndices()).containsExactly(3, 1, -1, 0, 1, 2);
    assertThat(THREE_ROWS.part(3, 0).rows()).isZero();
  }
}
