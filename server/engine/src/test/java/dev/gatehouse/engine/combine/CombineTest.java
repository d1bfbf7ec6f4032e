package dev.gatehouse.engine.combine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.dispatch.DispatchPlan;
import dev.gatehouse.engine.tensor.Routing;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class CombineTest {
  @Test
  void shouldAddWhatTheChosenExpertsSayByTheirWeights() {
    float[] weights = {.75f, .25f, .5f, .5f};
    DispatchPlan plan =
        DispatchPlan.of(new Routing(2, 3, 2, new float[6], new int[] {2, 0, 1, 2}, weights));
    // By expert: expert 0 answers row 0, expert 1 row 1, expert 2 rows 0 and 1.
    FloatBuffer answers = FloatBuffer.wrap(new float[] {1, 0, 0, 1, .5f, .5f, .25f, .75f});

    float[] y = Combine.combine(plan, weights, answers, 2);

    assertThat(y)
        .containsExactly(.75f * .5f + .25f * 1, .75f * .5f, .5f * .25f, .5f * 1 + .5f * .75f);
  }

  @Test
  void shouldCopyTheBitsOfAnOnlyExpert() {
    float[] weights = {1, 1};
    DispatchPlan plan =
        DispatchPlan.of(new Routing(2, 2, 1, new float[4], new int[] {1, 0}, weights));
    float odd = Float.intBitsToFloat(0x7fc12345);

    float[] y = Combine.combine(plan, weights, FloatBuffer.wrap(new float[] {.1f, odd}), 1);

    assertThat(Float.floatToRawIntBits(y[0])).isEqualTo(0x7fc12345);
    assertThat(y[1]).isEqualTo(.1f);
  }
}
