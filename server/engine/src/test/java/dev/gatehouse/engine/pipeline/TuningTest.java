package dev.gatehouse.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.pipeline.Tuning.Timing;
import dev.gatehouse.engine.runtime.Optimisation;
import dev.gatehouse.engine.runtime.SessionSettings;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.engine.testing.Bundles;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How graphs are loaded. */
class TuningTest {
  private static final int ROWS = 200;
  private static final int PIXELS = 64;

  @Test
  void shouldGiveAnArenaToALongRunningSessionThatThereIsOneOf() {
    Timing brief = new Timing(Optimisation.ALL, 90_000, 990_000);
    Timing lasting = new Timing(Optimisation.ALL, 90_000, 1_010_000);

    assertThat(brief.alone()).isEqualTo(new SessionSettings(Optimisation.ALL, false));
    assertThat(lasting.alone()).isEqualTo(new SessionSettings(Optimisation.ALL, true));
    assertThat(lasting.amongMany()).isEqualTo(new SessionSettings(Optimisation.ALL, false));
  }

  @Test
  void shouldWeighOneRowAsMuchAsABatch() {
    Timing extended = new Timing(Optimisation.EXTENDED, 10, 100);

    assertThat(new Timing(Optimisation.ALL, 9, 109).beats(extended)).isTrue();
    assertThat(new Timing(Optimisation.ALL, 9, 111).beats(extended)).isFalse();
    assertThat(new Timing(Optimisation.ALL, 12, 79).beats(extended)).isTrue();
    assertThat(new Timing(Optimisation.ALL, 10, 100).beats(extended)).isFalse();
  }

  /** Memory that is kept from run to run holds what the last run wrote. */
  @ParameterizedTest
  @ValueSource(strings = {"tiny-top2", "tiny-dense"})
  void shouldAnswerTheSameWithArenas(String bundle) {
    SessionSettings arena = new SessionSettings(Optimisation.EXTENDED, true);
    byte[] pixels = new byte[ROWS * PIXELS];
    new Random(7).nextBytes(pixels);
    try (MoeModel plain =
            MoeModel.open(Bundles.of(bundle), EngineOptions.defaults().withTuning(Tuning.FIXED));
        MoeModel kept =
            MoeModel.open(
                Bundles.of(bundle),
                EngineOptions.defaults().withTuning(new Tuning(arena, arena)))) {
      for (int rows : new int[] {ROWS, 1, 17, ROWS}) {
        ByteBuffer some = ByteBuffer.wrap(pixels, 0, rows * PIXELS).slice();
        Prediction expected = plain.predict(Rows.ofUint8(rows, some));
        Prediction answer = kept.predict(Rows.ofUint8(rows, some));
        assertThat(answer.probabilities()).containsExactly(expected.probabilities());
      }
    }
  }
}
