package dev.gatehouse.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlockOrderTest {
  /** [experts][classes]; class 0 goes to expert 2, classes 1 and 3 to 0, class 2 to 2. */
  private static final List<List<Long>> COUNTS =
      List.of(
          List.of(1L, 6L, 0L, 9L),
          List.of(2L, 1L, 3L, 0L),
          List.of(7L, 3L, 7L, 1L),
          List.of(0L, 0L, 0L, 9L));

  @Test
  void shouldPutExpertsByTheirFirstClassAndTheIdleLast() {
    // Expert 2 leads class 0 first, expert 0 class 1; of the others 3 has 9 rows and 1 has 6.
    assertThat(BlockOrder.of(COUNTS).experts()).containsExactly(2, 0, 3, 1);
  }

  @Test
  void shouldPutClassesUnderTheirLeaderByFallingShare() {
    // Shares: class 0 7/10, class 2 7/10 of expert 2; class 1 6/10, class 3 9/19 of expert 0.
    assertThat(BlockOrder.of(COUNTS).classes()).containsExactly(0, 2, 1, 3);
  }

  @Test
  void shouldLetTheLowerIndexLeadAmongEquals() {
    assertThat(BlockOrder.leader(COUNTS, 3)).isZero();
    assertThat(BlockOrder.share(COUNTS, 0, 3)).isEqualTo(9.0 / 19);
    assertThat(BlockOrder.share(List.of(List.of(0L)), 0, 0)).isZero();
  }
}
