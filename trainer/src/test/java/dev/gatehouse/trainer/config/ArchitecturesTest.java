package dev.gatehouse.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.proto.run.Training;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitecturesTest {
  private static int parameters(String name) {
    return Architectures.named(name)
        .networks()
        .expert()
        .parameters("e", Shape.of(1, 28, 28), 10)
        .stream()
        .mapToInt(ParameterSpec::elements)
        .sum();
  }

  @ParameterizedTest
  @CsvSource({"paper-mnist,1382", "paper-fashion,13300"})
  void shouldHaveThePapersNumberOfParameters(String name, int expected) {
    assertThat(parameters(name)).isEqualTo(expected);
  }

  @Test
  void shouldKeepTheDefaultExpertSmall() {
    assertThat(parameters(Architectures.DEFAULT)).isBetween(20_000, 50_000);
    assertThat(Architectures.named(Architectures.DEFAULT).about())
        .contains(String.format("%,d", parameters(Architectures.DEFAULT)));
  }

  @Test
  void shouldListWhatItKnowsWhenANameIsUnknown() {
    assertThatThrownBy(() -> Architectures.named("huge"))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "architecture must be one of small, paper-mnist, paper-fashion, paper-cifar, mlp;"
                + " architecture=huge");
  }

  @Test
  void shouldReadEveryRuleItPrints() {
    assertThat(RoutingRules.parse("dense")).isEqualTo(new RoutingRule.Dense());
    assertThat(RoutingRules.parse(new RoutingRule.TopK(3).toString()))
        .isEqualTo(new RoutingRule.TopK(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"top", "top-", "top-0", "top--1", "Dense", "", "top-99999999999"})
  void shouldRefuseARuleThatIsNone(String text) {
    assertThatThrownBy(() -> RoutingRules.parse(text)).isInstanceOf(BadInput.class);
  }

  @Test
  void shouldRefuseMoreChosenExpertsThanThereAre() {
    assertThatThrownBy(
            () ->
                new TrainConfig(
                    "strokes",
                    null,
                    "small",
                    null,
                    2,
                    GateKind.SOFTMAX,
                    new RoutingRule.TopK(1),
                    Training.plain(1, 1, 1, 1).rule(new RoutingRule.TopK(3))))
        .isInstanceOf(BadInput.class)
        .hasMessage("top_k must be in [1, experts]; top_k=3, experts=2");
  }
}
