package dev.gatehouse.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HashSplitTest {
  private static final List<String> KEYS =
      IntStream.range(0, 20_000).mapToObj(i -> "cat/image-" + i + ".png").toList();

  @Test
  void shouldGiveAboutATenthEachToValidationAndTest() {
    List<Split> splits = KEYS.stream().map(new HashSplit(1)::of).toList();

    // A fair tenth of 20,000 has a deviation of 42.
    assertThat(Collections.frequency(splits, Split.VALIDATION)).isBetween(1_750, 2_250);
    assertThat(Collections.frequency(splits, Split.TEST)).isBetween(1_750, 2_250);
  }

  @Test
  void shouldHoldOutAboutAFifthWhereTestRowsAreGiven() {
    List<Split> splits = KEYS.stream().map(new HashSplit(1)::ofTraining).toList();

    assertThat(Collections.frequency(splits, Split.VALIDATION)).isBetween(3_650, 4_350);
    assertThat(splits).doesNotContain(Split.TEST);
  }

  @Test
  void shouldDependOnNameAndSeedAlone() {
    List<Split> once = KEYS.stream().map(new HashSplit(1)::of).toList();

    assertThat(KEYS.stream().map(new HashSplit(1)::of).toList()).isEqualTo(once);
    assertThat(KEYS.stream().map(new HashSplit(2)::of).toList()).isNotEqualTo(once);
  }

  @Test
  void shouldStayAsItIsForRunsThatAreSaved() {
    // From Python: int(sha256(struct.pack('>q', 1) + key).hexdigest()[:16], 16) % 10.
    int[] tenths = {9, 8, 8, 8, 6, 1, 7, 6, 9, 5, 7, 9, 5, 2, 5, 9, 5, 2, 1, 0};
    for (int i = 0; i < tenths.length; i++) {
      Split expected =
          tenths[i] == 9 ? Split.TEST : tenths[i] == 8 ? Split.VALIDATION : Split.TRAIN;
      assertThat(new HashSplit(1).of(KEYS.get(i))).as(KEYS.get(i)).isEqualTo(expected);
    }
  }
}
