package dev.gatehouse.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DispatchTest {
  @Test
  void shouldSortRowsByExpertAndKeepTheirOrder() {
    Dispatch dispatch = Dispatch.of(new long[] {2, 0, 2, 0, 0}, 1, 4);

    assertThat(dispatch.counts()).containsExactly(3, 0, 2, 0);
    assertThat(dispatch.rows()).containsExactly(1, 3, 4, 0, 2);
    assertThat(dispatch.places()).containsExactly(3, 0, 4, 1, 2);
  }

  @Test
  void shouldSendARowToEachOfItsExperts() {
    Dispatch dispatch = Dispatch.of(new long[] {1, 0, 2, 1}, 2, 3);

    assertThat(dispatch.counts()).containsExactly(1, 2, 1);
    assertThat(dispatch.rows()).containsExactly(0, 0, 1, 1);
    assertThat(dispatch.places()).containsExactly(1, 0, 3, 2);
  }
}
