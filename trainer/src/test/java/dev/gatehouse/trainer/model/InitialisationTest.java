package dev.gatehouse.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.network.ParameterSpec;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class InitialisationTest {
  private static final List<ParameterSpec> SPECS =
      List.of(
          new ParameterSpec("a.weight", List.of(100, 25), 25),
          new ParameterSpec("a.bias", List.of(100), 25));

  @Test
  void shouldFillPlusMinusOneOverTheRootOfFanIn() {
    float[] weight = draw(1, "a.weight");

    double squares = 0;
    for (float w : weight) {
      assertThat(Math.abs(w)).isLessThanOrEqualTo(0.2f);
      squares += w * w;
    }
    // A uniform variable in +-a has variance a^2 / 3.
    assertThat(squares / weight.length).isBetween(0.0125, 0.0142);
  }

  @Test
  void shouldDrawTheSameBitsForTheSameSeedOnEveryJdk() {
    // java.util.Random(42) starts with 0.7275636800328681 (its specification, and every JDK since
    // 1.2).
    assertThat(draw(42, "a.weight")[0]).isEqualTo((float) ((2 * 0.7275636800328681 - 1) / 5));
    assertThat(draw(42, "a.bias")).isEqualTo(draw(42, "a.bias"));
    assertThat(draw(42, "a.bias")).isNotEqualTo(draw(43, "a.bias"));
  }

  private static float[] draw(long seed, String name) {
    return Objects.requireNonNull(Initialisation.of(SPECS, seed).get(name));
  }
}
