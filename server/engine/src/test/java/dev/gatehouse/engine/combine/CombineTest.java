package dev.gatehouse.engine.combine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CombineTest {
  @Test
  void shouldAddWhatTheChosenExpertsSayByTheirWeights() {
    float[] weights = {.75f, .25f, .5f, .5f};
    float[] answers = {.5f, .5f, 1, 0, 0, 1, .25f, .75f};

    float[] y = Combine.combine(2, 2, weights, answers, 2);

    assertThat(y)
        .containsExactly(.75f * .5f + .25f * 1, .75f * .5f, .5f * .25f, .5f * 1 + .5f * .75f);
  }

  @Test
  void shouldKeepTheBitsOfAnOnlyExpert() {
    float odd = Float.intBitsToFloat(0x7fc12345);

    float[] y = Combine.combine(2, 1, new float[] {1, 1}, new float[] {odd, .1f}, 1);

    assertThat(Float.floatToRawIntBits(y[0])).isEqualTo(0x7fc12345);
    assertThat(y[1]).isEqualTo(.1f);
  }
}
