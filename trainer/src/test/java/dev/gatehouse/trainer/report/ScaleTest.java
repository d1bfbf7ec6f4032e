package dev.gatehouse.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScaleTest {
  @Test
  void shouldStartAtZeroAndEndAtARoundValue() {
    Scale scale = Scale.fitting(new double[] {0.11, 0.37}, 200, 0);

    assertThat(scale.logarithmic()).isFalse();
    assertThat(scale.ticks(4)).hasSize(5).startsWith(0.0).endsWith(0.4);
    assertThat(scale.at(0)).isEqualTo(200);
    assertThat(scale.at(0.1)).isCloseTo(150, Offset.offset(1e-9));
  }

  @Test
  void shouldBeLogarithmicWhereLinearWouldHideTheLowerEnd() {
    Scale scale = Scale.fitting(new double[] {0.02, 1.6}, 0, 100);

    assertThat(scale.logarithmic()).isTrue();
    assertThat(scale.ticks(4)).contains(0.1, 1.0).doesNotContain(0.0);
    assertThat(scale.at(0.2) - scale.at(0.1))
        .isCloseTo(scale.at(1.0) - scale.at(0.5), Offset.offset(1e-9));
  }

  @Test
  void shouldKeepTheTicksOfALogarithmicAxisALineOfTextApart() {
    assertThat(new Scale(0.001, 2, 93, 0, true).ticks(4)).containsExactly(0.001, 0.01, 0.1, 1.0);
    assertThat(new Scale(0.08, 2, 93, 0, true).ticks(4)).containsExactly(0.1, 0.2, 0.5, 1.0, 2.0);
  }

  @Test
  void shouldShowNegativeValues() {
    Scale scale = Scale.fitting(new double[] {-3, 4}, 0, 1);

    assertThat(scale.at(-3)).isBetween(0.0, 1.0);
    assertThat(scale.at(4)).isBetween(0.0, 1.0);
    assertThat(scale.ticks(4)).contains(0.0);
  }

  @Test
  void shouldHaveRoomWhereAllIsZeroOrNothing() {
    assertThat(Scale.fitting(new double[] {0, 0}, 0, 1).at(0)).isZero();
    assertThat(Scale.fitting(new double[0], 0, 1).at(0)).isZero();
  }

  @Test
  void shouldStayNearItsValuesWhereZeroIsFar() {
    Scale scale = Scale.near(new double[] {96.31, 97.42}, 0, 100);

    assertThat(scale.min()).isEqualTo(96);
    assertThat(scale.max()).isEqualTo(97.5);
    assertThat(scale.at(96.75)).isCloseTo(50, Offset.offset(1e-9));
    assertThat(scale.has(97.5) && scale.has(96)).isTrue();
    assertThat(scale.has(95.99) || scale.has(97.51)).isFalse();
    assertThat(Scale.near(new double[] {3}, 0, 1).at(3)).isBetween(0.0, 1.0);
  }
}
