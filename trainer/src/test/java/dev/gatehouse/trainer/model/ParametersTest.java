package dev.gatehouse.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.gatehouse.proto.network.ParameterSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ParametersTest {
  /** Values count up over all parameters, in this order. */
  private static final List<ParameterSpec> SPECS =
      List.of(
          new ParameterSpec("experts.0.weight", List.of(1, 2), 1),
          new ParameterSpec("experts.0.bias", List.of(1), 1),
          new ParameterSpec("experts.1.weight", List.of(1, 2), 1),
          new ParameterSpec("experts.1.bias", List.of(1), 1),
          new ParameterSpec("experts.2.weight", List.of(1, 2), 1),
          new ParameterSpec("experts.2.bias", List.of(1), 1),
          new ParameterSpec("gate.weight", List.of(3), 1));

  private static Parameters parameters(NDManager manager) {
    Map<String, float[]> values = new LinkedHashMap<>();
    int next = 0;
    for (ParameterSpec spec : SPECS) {
      float[] own = new float[spec.elements()];
      for (int i = 0; i < own.length; i++) {
        own[i] = next++;
      }
      values.put(spec.name(), own);
    }
    return new Parameters(manager, SPECS, values, name -> !name.endsWith("bias"));
  }

  @Test
  void shouldLayTheSameParameterOfAllExpertsTogetherBehindTheGates() {
    try (NDManager manager = NDManager.newBaseManager();
        Parameters parameters = parameters(manager)) {
      assertThat(parameters.weights().toFloatArray()).containsExactly(9, 10, 11, 0, 1, 3, 4, 6, 7);
      assertThat(parameters.gateElements()).isEqualTo(3);
      assertThat(parameters.frozen("experts.1.weight").toFloatArray()).containsExactly(3, 4);
      assertThat(parameters.frozen("experts.2.bias").toFloatArray()).containsExactly(8);
    }
  }

  @Test
  void shouldGiveOneArrayForSeveralExperts() {
    try (NDManager manager = NDManager.newBaseManager();
        Parameters parameters = parameters(manager)) {
      Function<String, NDArray> pairs = parameters.differentiable(manager, 2);

      assertThat(pairs.apply("experts.0-1.weight").getShape()).isEqualTo(new Shape(2, 2));
      assertThat(pairs.apply("experts.0-1.weight").toFloatArray()).containsExactly(0, 1, 3, 4);
      assertThat(pairs.apply("experts.0-1.bias").toFloatArray()).containsExactly(2, 5);
      assertThat(pairs.apply("experts.2.weight").toFloatArray()).containsExactly(6, 7);
      assertThatThrownBy(() -> pairs.apply("experts.0.weight"))
          .hasMessage("no parameter named experts.0.weight");
    }
  }

  @Test
  void shouldCollectGradientsWhereTheParametersLie() {
    try (NDManager manager = NDManager.newBaseManager();
        Parameters parameters = parameters(manager)) {
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray weight = parameters.differentiable(manager, 3).apply("experts.0-2.weight");
        collector.backward(weight.mul(weight).sum());
      }
      assertThat(parameters.gradient(manager).toFloatArray())
          .containsExactly(0, 0, 0, 0, 2, 6, 8, 12, 14);

      parameters.clearGradients();
      assertThat(parameters.gradient(manager).toFloatArray()).containsOnly(0);
    }
  }

  @Test
  void shouldShowChangesOfTheVectorUnderEveryName() {
    try (NDManager manager = NDManager.newBaseManager();
        Parameters parameters = parameters(manager)) {
      parameters.weights().subi(10);

      assertThat(parameters.frozen("experts.1.weight").toFloatArray()).containsExactly(-7, -6);
      assertThat(parameters.frozen(manager, 3).apply("experts.0-2.weight").toFloatArray())
          .containsExactly(-10, -9, -7, -6, -4, -3);
    }
  }
}
