package dev.gatehouse.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class InformationTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-12);

  @Test
  void shouldCountAFairChoiceOfFourAsTwoBits() {
    assertThat(Information.entropy(3, 3, 3, 3)).isCloseTo(2, CLOSE);
  }

  @Test
  void shouldCountACertainOutcomeAsZero() {
    assertThat(Information.entropy(0, 7, 0)).isZero();
  }

  @Test
  void shouldFindNoInformationInIndependentCounts() {
    assertThat(Information.mutual(List.of(List.of(2L, 4L), List.of(3L, 6L)))).isCloseTo(0, CLOSE);
  }

  @Test
  void shouldFindAllOfItWhereExpertsSplitTheClasses() {
    assertThat(Information.mutual(List.of(List.of(5L, 5L, 0L, 0L), List.of(0L, 0L, 5L, 5L))))
        .isCloseTo(1, CLOSE);
  }

  @Test
  void shouldEqualAHandComputedCase() {
    // H(E) = 1, H(Y) = H(5/8, 3/8) = 0.954434, H(E,Y) = 1.75 of (4, 0, 1, 3)/8: 0.5 + 0.375 +
    // 0.530639.
    assertThat(Information.mutual(List.of(List.of(4L, 0L), List.of(1L, 3L))))
        .isCloseTo(1 + 0.954434002924965 - 1.405639062229566, CLOSE);
  }

  @Test
  void shouldAddUpTheClassesOfAFamily() {
    assertThat(
            Information.byFamily(
                List.of(List.of(1L, 2L, 3L), List.of(4L, 5L, 6L)), List.of(0, 1, 0)))
        .containsExactly(List.of(4L, 2L), List.of(10L, 5L));
  }
}
