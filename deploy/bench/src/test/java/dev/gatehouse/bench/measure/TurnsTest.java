package dev.gatehouse.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final Pace SIX_ROUNDS =
      new Pace(6, 6, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1));

  @Test
  void shouldGiveEachSideATurnARound() {
    List<String> order = new ArrayList<>();

    double[][] nanos =
        Turns.measure(
            List.of(call -> order.add("a"), call -> order.add("b"), call -> order.add("c")),
            SIX_ROUNDS);

    assertThat(nanos).hasDimensions(3, 6);
    // After one call of each to warm up, every round begins with another side.
    assertThat(String.join("", order)).isEqualTo("abc" + "abc" + "bca" + "cab" + "abcbcacab");
  }

  @Test
  void shouldCountTheCallsOfEachSide() {
    List<Integer> calls = new ArrayList<>();

    Turns.measure(List.of(calls::add, call -> {}), SIX_ROUNDS);

    assertThat(calls).containsExactly(0, 1, 2, 3, 4, 5, 6);
  }

  /** However long a call takes, so that a median is one. */
  @Test
  void shouldNotMeasureFewerRoundsThanTheLeast() {
    Pace hurried = new Pace(40, 3, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    assertThat(Turns.measure(List.of(call -> {}), hurried)[0]).hasSize(3);
  }

  @Test
  void shouldTakeTheMedianOfEachRoundsRatio() {
    assertThat(Median.of(3, 1, 2)).isEqualTo(2);
    assertThat(Median.of(4, 1, 2, 3)).isEqualTo(2.5);
    // The second round was slow for both.
    assertThat(Median.ofRatios(new double[] {2, 20, 4}, new double[] {1, 10, 1})).isEqualTo(2);
  }

  @Test
  void shouldSeeWhatACallAllocates() {
    byte[][] kept = new byte[1][];

    assertThat(Allocation.bytesPerCall(call -> kept[0] = new byte[100_000]))
        .isBetween(100_000.0, 101_000.0);
  }
}
