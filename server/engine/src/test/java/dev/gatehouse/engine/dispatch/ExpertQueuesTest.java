package dev.gatehouse.engine.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpertQueuesTest {
  private static final long NEVER = Long.MAX_VALUE / 2;

  @Test
  void shouldRunTheLongestQueueFirst() {
    ExpertQueues<String> queues = new ExpertQueues<>(3);
    queues.add(0, "a", NEVER);
    queues.add(2, "b", NEVER);
    queues.add(2, "c", NEVER);

    assertThat(queues.next(0, e -> true)).isEqualTo(2);
    List<String> taken = new ArrayList<>();
    queues.take(2, 8, taken);
    assertThat(taken).containsExactly("b", "c");
    assertThat(queues.next(0, e -> true)).isEqualTo(0);
    assertThat(queues.size()).isEqualTo(1);
  }

  @Test
  void shouldLetARowThatIsDueGoBeforeLongerQueues() {
    ExpertQueues<String> queues = new ExpertQueues<>(2);
    queues.add(0, "cold", 100);
    for (int i = 0; i < 10; i++) {
      queues.add(1, "hot", 1000);
    }

    assertThat(queues.next(99, e -> true)).isEqualTo(1);
    assertThat(queues.next(100, e -> true)).isEqualTo(0);
  }

  @Test
  void shouldGoByTheEarliestDueAmongSeveralAlsoBehindTheHead() {
    ExpertQueues<String> queues = new ExpertQueues<>(2);
    queues.add(0, "patient", 900);
    queues.add(0, "urgent", 50);
    queues.add(1, "other", 60);

    assertThat(queues.next(70, e -> true)).isEqualTo(0);
    queues.take(0, 2, new ArrayList<>());
    assertThat(queues.next(70, e -> true)).isEqualTo(1);
  }

  @Test
  void shouldForgetWhenATakenRowWasDue() {
    ExpertQueues<String> queues = new ExpertQueues<>(2);
    queues.add(0, "due", 10);
    queues.add(0, "later", 500);
    queues.add(1, "x", 400);
    queues.add(1, "y", 400);
    queues.take(0, 1, new ArrayList<>());

    assertThat(queues.next(20, e -> true)).as("nothing is due, so the longest").isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    // Expert 0 has two rows, due at 100 and 200.
    "1, 300, 50, false, fewer rows",
    "2, 300, 50, true, as many rows",
    "3, 300, 50, true, more rows",
    "9, 300, 150, false, the expert is due",
    "9, 90, 150, true, both are due and the others longer",
    "1, 90, 95, true, the others are due alone",
  })
  void shouldChooseBetweenAnExpertAndOtherRowsAsBetweenExperts(
      int rows, long due, long now, boolean before, String why) {
    ExpertQueues<String> queues = new ExpertQueues<>(1);
    queues.add(0, "a", 100);
    queues.add(0, "b", 200);

    assertThat(queues.goesBefore(0, rows, due, now)).as(why).isEqualTo(before);
  }

  @Test
  void shouldPassOverExpertsThatCannotRun() {
    ExpertQueues<String> queues = new ExpertQueues<>(3);
    queues.add(0, "due, but not loaded", 10);
    queues.add(1, "x", NEVER);

    assertThat(queues.next(20, e -> e != 0)).isEqualTo(1);
    assertThat(queues.next(20, e -> false)).isEqualTo(ExpertQueues.NONE);
  }

  @Test
  void shouldCompareTimesAcrossTheOverflowOfTheClock() {
    ExpertQueues<String> queues = new ExpertQueues<>(2);
    queues.add(0, "due after the clock turned over", Long.MIN_VALUE + 5);
    queues.add(1, "x", Long.MIN_VALUE + 900);
    queues.add(1, "y", Long.MIN_VALUE + 900);

    assertThat(queues.next(Long.MAX_VALUE - 5, e -> true)).isEqualTo(1);
    assertThat(queues.next(Long.MIN_VALUE + 6, e -> true)).isEqualTo(0);
  }

  /** The rule as it is said, over plain lists. */
  private static int byTheRule(List<List<Long>> dues, long now, IntPredicate ready) {
    return IntStream.range(0, dues.size())
        .filter(e -> !dues.get(e).isEmpty() && ready.test(e))
        .boxed()
        .min(
            Comparator.comparing((Integer e) -> Collections.min(dues.get(e)) > now)
                .thenComparing(e -> Collections.min(dues.get(e)) > now ? -dues.get(e).size() : 0)
                .thenComparing(e -> Collections.min(dues.get(e))))
        .orElse(ExpertQueues.NONE);
  }

  @Test
  void shouldChooseByTheRuleHoweverRowsComeAndGo() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    ExpertQueues<Integer> queues = new ExpertQueues<>(9);
    List<List<Long>> dues = new ArrayList<>();
    for (int e = 0; e < 9; e++) {
      dues.add(new ArrayList<>());
    }
    for (int step = 0; step < 20_000; step++) {
      if (random.nextInt(5) < 3) {
        int expert = random.nextInt(9);
        // No two rows are due at the same time, so that there is one answer.
        long due = random.nextInt(1000) * 100_000L + step;
        queues.add(expert, step, due);
        dues.get(expert).add(due);
        continue;
      }
      if (random.nextInt(50) == 0) {
        int expert = random.nextInt(9);
        List<Integer> removed = new ArrayList<>();
        queues.removeIf(expert, row -> row % 3 == 0, removed);
        List<Long> gone = new ArrayList<>(dues.get(expert));
        gone.removeIf(due -> due % 100_000 % 3 != 0);
        dues.get(expert).removeAll(gone);
        assertThat(removed).as("seed %d", seed).hasSize(gone.size());
      }
      long now = random.nextInt(1000) * 100_000L;
      int loaded = random.nextInt(1 << 9);
      IntPredicate ready = e -> (loaded >> e & 1) == 1;
      int expert = queues.next(now, ready);
      assertThat(expert).as("seed %d", seed).isEqualTo(byTheRule(dues, now, ready));
      if (expert != ExpertQueues.NONE) {
        int most = 1 + random.nextInt(6);
        queues.take(expert, most, new ArrayList<>());
        dues.get(expert).subList(0, Math.min(most, dues.get(expert).size())).clear();
      }
    }
  }

  @Test
  void shouldGiveEachRowOnceAndTheOldestOfAnExpertFirst() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    ExpertQueues<Integer> queues = new ExpertQueues<>(7);
    List<List<Integer>> waiting = new ArrayList<>();
    for (int e = 0; e < 7; e++) {
      waiting.add(new ArrayList<>());
    }
    for (int step = 0; step < 5000; step++) {
      if (random.nextBoolean()) {
        int expert = random.nextInt(7);
        queues.add(expert, step, random.nextInt(1000));
        waiting.get(expert).add(step);
        continue;
      }
      int expert = queues.next(random.nextInt(1000), e -> true);
      if (expert == ExpertQueues.NONE) {
        assertThat(waiting).as("seed %d", seed).allMatch(List::isEmpty);
        continue;
      }
      int most = 1 + random.nextInt(4);
      List<Integer> taken = new ArrayList<>();
      queues.take(expert, most, taken);
      List<Integer> expected =
          waiting.get(expert).subList(0, Math.min(most, waiting.get(expert).size()));
      assertThat(taken).as("seed %d", seed).isNotEmpty().isEqualTo(expected);
      expected.clear();
      assertThat(queues.size())
          .as("seed %d", seed)
          .isEqualTo(waiting.stream().mapToInt(List::size).sum());
    }
  }
}
