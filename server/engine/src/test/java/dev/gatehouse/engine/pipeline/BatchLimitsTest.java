package dev.gatehouse.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.schedule.RunCost;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchLimitsTest {
  private static final BatchLimits LIMITS = new BatchLimits(64, 1000, Duration.ofMillis(5));

  @ParameterizedTest
  @CsvSource({
    // Microseconds of a row alone, and of one in a batch; 5 ms may go by.
    "10, 9, 64, short enough anyway",
    "1000, 1000, 5, no cheaper in a batch",
    "1000, 800, 6, hardly cheaper",
    "1000, 700, 64, cheaper in a batch",
    "9000, 9000, 1, one row takes longer",
    "0, 0, 64, no gate",
  })
  void shouldKeepRunsShortWhereABatchSavesLittle(
      double row, double inBatch, int expected, String why) {
    assertThat(LIMITS.rowsARun(new RunCost(1e3 * row, 1e3 * inBatch))).as(why).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 784, 32768, MNIST",
    "0, 3072, 21845, CIFAR: 12 KiB a row",
    "0, 150528, 445, photos of 224 x 224: 588 KiB a row",
    "0, 100000000, 64, a batch in any case",
    "7, 784, 7, as it was said",
    "50000, 150528, 50000, as it was said",
  })
  void shouldLetWaitWhatLeavesMemoryForWhatRuns(int said, int elements, int rows, String why) {
    BatchLimits limits = new BatchLimits(64, said, Duration.ofMillis(5)).forRowsOf(elements);

    assertThat(limits.maxQueuedRows()).as(why).isEqualTo(rows);
  }
}
