package dev.gatehouse.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunCostTest {
  @ParameterizedTest
  @CsvSource({
    // Microseconds of a row alone, and of one in a batch.
    "1000, 1000, 8, 1, 1, no other worker is free",
    "1000, 1000, 1, 4, 1, one row",
    "1000, 1000, 2, 4, 2, a row each",
    "1000, 1000, 8, 4, 4, two rows each",
    "1000, 1000, 9, 4, 4, three rows and three times two",
    "50, 50, 8, 4, 4, 100 us each",
    "50, 50, 6, 4, 3, two of four would have 50 us",
    "50, 50, 3, 4, 1, 100 us and 50",
    "10, 1, 64, 4, 1, 73 us in all",
    "10, 1, 256, 4, 2, 137 us each; 73 for a fourth",
    "1000, 10, 8, 4, 1, eight rows hardly dearer than one",
    "1000, 10, 256, 2, 2, 3.55 ms or twice 2.27",
    "1000, 500, 4, 2, 2, 2.5 ms or twice 1.5",
    "1000, 500, 4, 4, 2, 2.5 ms or four times 1",
  })
  void shouldCutRowsWhereThatPays(
      double row, double inBatch, int rows, int workers, int expected, String why) {
    RunCost cost = new RunCost(1e3 * row, 1e3 * inBatch);

    assertThat(cost.parts(rows, workers)).as(why).isEqualTo(expected);
  }

  @Test
  void shouldLeaveEachWorkerAsMuch() {
    RunCost cost = new RunCost(1e6, 1e6);

    assertThat(cost.share(9, 4)).isEqualTo(3);
    assertThat(cost.share(6, 3)).isEqualTo(2);
    assertThat(cost.share(4, 2)).isEqualTo(2);
    assertThat(cost.share(2, 1)).isEqualTo(2);
  }

  @Test
  void shouldTakeAllRowsInAsManySharesAsThereAreParts() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      double row = Math.pow(10, 3 + 4 * random.nextDouble());
      RunCost cost = new RunCost(row, row * random.nextDouble());
      int rows = 1 + random.nextInt(300);
      int free = 1 + random.nextInt(32);
      int parts = cost.parts(rows, free);
      int share = cost.share(rows, free);

      assertThat(parts).as("seed %d, case %d", seed, i).isBetween(1, Math.min(rows, free));
      assertThat((long) share * parts)
          .as("seed %d, case %d", seed, i)
          .isBetween((long) rows, (long) rows + parts - 1);
    }
  }

  @Test
  void shouldAddUpWhatARowPassesThrough() {
    Costs costs = new Costs(50, 40, 8, 2);

    assertThat(costs.gate()).isEqualTo(new RunCost(50, 40));
    assertThat(costs.expert()).isEqualTo(new RunCost(8, 2));
    assertThat(costs.whole(2)).isEqualTo(new RunCost(66, 44));
    assertThat(costs.expert().of(3)).isEqualTo(12);
  }
}
