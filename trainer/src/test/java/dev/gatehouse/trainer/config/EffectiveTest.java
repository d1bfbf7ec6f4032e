package dev.gatehouse.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EffectiveTest {
  private static final String SOFTMAX = "training.mixture_softmax";

  @Test
  void shouldRefuseASoftmaxThatTheStochasticLossDoesNotSee() {
    Settings given =
        Settings.none()
            .with(SOFTMAX, true)
            .with("training.loss", "stochastic")
            .with("teacher", "t");

    assertThatThrownBy(() -> Resolution.train(given.without("teacher")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("mixture_softmax is a softmax over the mixture's output")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    assertThatThrownBy(() -> Resolution.distill(given))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("mixture_softmax is a softmax over the mixture's output");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross_entropy", "expert_loss"})
  void shouldTakeASoftmaxThatTheLossSees(String loss) {
    Settings given =
        Settings.none().with(SOFTMAX, true).with("training.loss", loss).with("gate", "softmax");

    assertThat(Resolution.train(given).training().mixtureSoftmax()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "entropy, importance, 0.1",
    "entropy, beta_same, 1e-6",
    "entropy, beta_different, 0|0.1",
    "entropy, load_balance, 0..0.1",
    "entropy, z_loss, 0.1",
    "self_information, importance, 0.1",
    "self_information, z_loss, 0.1"
  })
  void shouldRefuseRegularisersOfAGateThatPassesNoGradient(
      String gate, String term, String weight) {
    Settings given =
        Settings.none().with("gate", gate).with("training.regularizers." + term, weight);

    assertThatThrownBy(() -> Resolution.train(given))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(
            "regularizers.%s acts on the gate, and gate %s passes no gradient on"
                .formatted(term, gate))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    assertThatCode(() -> Resolution.train(given.with("gate", "attentive")))
        .doesNotThrowAnyException();
    assertThatCode(() -> Resolution.train(given.with("training.regularizers." + term, 0)))
        .doesNotThrowAnyException();
  }
}
