package dev.gatehouse.bench.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class SkewTest {
  private static final int EXPERTS = 8;
  private static final int DRAWS = 200_000;

  private static int[] fallingCounts(Skew skew) {
    Skew.Draw draw = skew.among(EXPERTS, 1);
    SplittableRandom random = new SplittableRandom(2);
    int[] counts = new int[EXPERTS];
    for (int i = 0; i < DRAWS; i++) {
      counts[draw.next(random)]++;
    }
    Arrays.sort(counts);
    int[] falling = new int[EXPERTS];
    for (int i = 0; i < EXPERTS; i++) {
      falling[i] = counts[EXPERTS - 1 - i];
    }
    return falling;
  }

  @Test
  void shouldDrawEachExpertAlikeWhenUniform() {
    for (int count : fallingCounts(Skew.UNIFORM)) {
      assertThat(count).isCloseTo(DRAWS / EXPERTS, Percentage.withPercentage(3));
    }
  }

  @Test
  void shouldDrawAnExpertLessTheHigherItsRankUnderZipf() {
    int[] counts = fallingCounts(Skew.ZIPF);
    double harmonic = 0;
    for (int rank = 1; rank <= EXPERTS; rank++) {
      harmonic += 1.0 / rank;
    }

    for (int rank = 1; rank <= EXPERTS; rank++) {
      assertThat((double) counts[rank - 1])
          .isCloseTo(DRAWS / harmonic / rank, Percentage.withPercentage(3));
    }
  }
}
