package dev.gatehouse.proto.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final Network NETWORK =
      new Network(
          List.of(
              new Layer.Conv2d(6, 3, 0),
              new Layer.Relu(),
              new Layer.MaxPool(2),
              new Layer.Flatten(),
              new Layer.Linear(60)),
          Network.Tap.AFTER_RELU);

  @Test
  void shouldCarryShapesThroughTheTrunk() {
    assertThat(NETWORK.shapes(Shape.of(3, 11, 9)))
        .containsExactly(
            Shape.of(3, 11, 9),
            Shape.of(6, 9, 7),
            Shape.of(6, 9, 7),
            Shape.of(6, 4, 3),
            Shape.of(72),
            Shape.of(60));
  }

  @Test
  void shouldNameAndShapeEachParameter() {
    assertThat(NETWORK.parameters("gate", Shape.of(3, 11, 9), 5))
        .containsExactly(
            new ParameterSpec("gate.trunk.0.weight", List.of(6, 3, 3, 3), 27),
            new ParameterSpec("gate.trunk.0.bias", List.of(6), 27),
            new ParameterSpec("gate.trunk.4.weight", List.of(60, 72), 72),
            new ParameterSpec("gate.trunk.4.bias", List.of(60), 72),
            new ParameterSpec("gate.head.weight", List.of(5, 60), 60),
            new ParameterSpec("gate.head.bias", List.of(5), 60));
  }

  @Test
  void shouldCountMultiplyAddsByHand() {
    long conv = 9 * 7 * 6 * 27;
    long linear = 72 * 60;
    long head = 60 * 5;

    assertThat(NETWORK.multiplyAdds(Shape.of(3, 11, 9), 5)).isEqualTo(conv + linear + head);
  }

  @Test
  void shouldSayWhichLayerDoesNotFit() {
    assertThatThrownBy(() -> NETWORK.shapes(Shape.of(3, 2, 2)))
        .isInstanceOf(BadInput.class)
        .hasMessage("trunk layer 0: conv2d with kernel=3 does not fit a row of shape [3, 2, 2]");
  }

  @Test
  void shouldRefuseAShapeThatOverflows() {
    assertThatThrownBy(() -> Shape.of(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("a row has too many elements");
  }

  @Test
  void shouldRunSparselyOnlyWhereTheGateNeedsNoExpert() {
    RoutingRule top2 = new RoutingRule.TopK(2);
    ModelSpec attentive = model(new GateSpec.Attentive(NETWORK));
    ModelSpec plain = model(new GateSpec.Softmax(NETWORK));

    assertThat(attentive.servable(top2)).isEqualTo(top2);
    assertThat(attentive.runsSparsely(top2)).isFalse();
    assertThat(plain.runsSparsely(top2)).isTrue();
    assertThat(plain.runsSparsely(new RoutingRule.Dense())).isFalse();
    assertThat(plain.runsSparsely(new RoutingRule.Certified())).isTrue();
  }

  @Test
  void shouldCertifyNothingWhereTheGateLooksAtEveryExpertAnyway() {
    RoutingRule certified = new RoutingRule.Certified();

    assertThat(model(new GateSpec.Softmax(NETWORK)).servable(certified)).isEqualTo(certified);
    assertThatThrownBy(() -> attentive().servable(certified))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("rule certified needs a gate that knows the experts before");
  }

  @Test
  void shouldGiveAnAttentiveGateQueryAndKeyInsteadOfAHead() {
    assertThat(attentive().gateParameters().stream().map(ParameterSpec::name))
        .endsWith("gate.query.weight", "gate.key.weight")
        .doesNotContain("gate.head.weight");
  }

  private static ModelSpec attentive() {
    return model(new GateSpec.Attentive(NETWORK));
  }

  private static ModelSpec model(GateSpec gate) {
    return new ModelSpec(
        new InputSpec(
            "image",
            InputSpec.Datatype.UINT8,
            Shape.of(1, 8, 8),
            0,
            255,
            new InputSpec.Normalisation(255, List.of(0.), List.of(1.))),
        List.of("a", "b"),
        3,
        NETWORK,
        gate);
  }
}
