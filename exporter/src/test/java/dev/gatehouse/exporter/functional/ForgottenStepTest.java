package dev.gatehouse.exporter.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.exporter.graph.OnnxFile;
import dev.gatehouse.exporter.lower.GraphForm;
import dev.gatehouse.exporter.lower.Lowering;
import dev.gatehouse.exporter.parity.BundleCheck;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.exporter.testing.BundleCopies;
import dev.gatehouse.exporter.testing.OnnxFiles;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.RoutingRule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A portable graph in which one step of the trained model is missing is refused. */
class ForgottenStepTest {
  private static final double TEMPERATURE = 1.5;

  @TempDir private Path folder;

  private static GateSpec attentive(double temperature) {
    return new GateSpec.Attentive(TinyModels.normalisedGate(), temperature);
  }

  private static GateSpec entropy(double temperature) {
    return new GateSpec.Entropy(temperature);
  }

  private static GateSpec softmax(double temperature) {
    return new GateSpec.Softmax(TinyModels.normalisedGate(), temperature, true);
  }

  private static ModelSpec model(GateSpec gate) {
    return TinyModels.normalised(TinyModels.colour(), 3, gate);
  }

  private static TinyRun run(GateSpec gate, RoutingRule rule) {
    return TinyRun.spread("whole", model(gate), rule, 1);
  }

  /** Exports {@code run}, whose portable graph is then that of another model. */
  private void refused(TinyRun run, ModelSpec model, Safetensors weights, RoutingRule rule)
      throws Exception {
    refused(run, model, weights, rule, "model.onnx: differs from the trained model");
  }

  private void refused(
      TinyRun run, ModelSpec model, Safetensors weights, RoutingRule rule, String reason)
      throws Exception {
    Bundle whole =
        Exporter.export(run.write(folder.resolve("run")), folder.resolve("models"), "whole", 1)
            .bundle();
    OnnxFile other = new Lowering(model, weights, rule, "whole", GraphForm.FLOATS).portable();
    Bundle lacking =
        BundleCopies.copy(
            whole,
            folder.resolve("copy"),
            copy -> OnnxFiles.write(other, copy.resolve("model.onnx")));

    assertThatThrownBy(() -> BundleCheck.check(lacking.path()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private static Safetensors withStatistics(TinyRun run, Predicate<String> chosen, float value) {
    Map<String, Tensor> tensors = new HashMap<>(run.weights().tensors());
    for (ParameterSpec parameter : run.run().model().parameters()) {
      if (chosen.test(parameter.name())) {
        float[] values = new float[parameter.elements()];
        Arrays.fill(values, value);
        tensors.put(parameter.name(), Tensor.of(values, parameter.shape().toArray(Integer[]::new)));
      }
    }
    return new Safetensors(Map.of(), tensors);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gate.trunk.0.running_mean",
        "gate.trunk.4.running_mean",
        "gate.trunk.6.running_mean",
        "experts.1.trunk.1.running_mean",
        "experts.1.trunk.5.running_mean",
        "experts.1.trunk.7.running_mean"
      })
  void shouldRefuseABatchNormThatForgotItsMean(String statistic) throws Exception {
    TinyRun run = run(softmax(TEMPERATURE), new RoutingRule.TopK(2));

    refused(
        run, run.run().model(), withStatistics(run, statistic::equals, 0), new RoutingRule.TopK(2));
  }

  @Test
  void shouldRefuseBatchNormsThatForgotTheirVariance() throws Exception {
    TinyRun run = run(softmax(TEMPERATURE), new RoutingRule.TopK(1));

    refused(
        run,
        run.run().model(),
        withStatistics(run, name -> name.endsWith("running_var"), 1),
        new RoutingRule.TopK(1));
  }

  static Stream<Arguments> gatesOtherwise() {
    double nats = 1 / Math.log(2);
    return Stream.of(
        Arguments.of("softmax without temperature", softmax(TEMPERATURE), softmax(1)),
        Arguments.of("attentive without temperature", attentive(TEMPERATURE), attentive(1)),
        Arguments.of("entropy without temperature", entropy(TEMPERATURE), entropy(1)),
        Arguments.of("entropy in nats", entropy(1), entropy(nats)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("gatesOtherwise")
  void shouldRefuseAGateThatForgotAFactor(String name, GateSpec trained, GateSpec served)
      throws Exception {
    TinyRun run = TinyRun.of("whole", model(trained), new RoutingRule.Dense(), 1);

    refused(run, model(served), run.weights(), new RoutingRule.Dense());
  }

  @Test
  void shouldRefuseWeightsThatTheRuleDoesNotGive() throws Exception {
    TinyRun run = run(attentive(TEMPERATURE), new RoutingRule.TopK(1));

    refused(
        run,
        run.run().model(),
        run.weights(),
        new RoutingRule.Dense(),
        "model.onnx: weighs experts otherwise than the rule top-1");
  }

  @Test
  void shouldRefuseOneExpertForAllInThePortableGraphOfACertifiedModel() throws Exception {
    TinyRun run = run(softmax(TEMPERATURE), new RoutingRule.Certified());

    refused(
        run,
        run.run().model(),
        run.weights(),
        new RoutingRule.TopK(1),
        "model.onnx: weighs experts otherwise than the rule dense");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gate.trunk.4.running_mean", "experts.1.trunk.5.running_mean"})
  void shouldRefuseAForgottenMeanInThePortableGraphOfACertifiedModel(String statistic)
      throws Exception {
    TinyRun run = run(softmax(TEMPERATURE), new RoutingRule.Certified());

    refused(
        run,
        run.run().model(),
        withStatistics(run, statistic::equals, 0),
        new RoutingRule.Certified());
  }

  @Test
  void shouldRefuseAnExpertOfACertifiedModelThatNoRowOfTheSelfTestNeeds() throws Exception {
    TinyRun run =
        TinyRun.untied(
            "whole",
            TinyModels.normalised(TinyModels.colour(), 6, softmax(0.1)),
            new RoutingRule.Certified(),
            1);
    Bundle whole =
        Exporter.export(run.write(folder.resolve("run")), folder.resolve("models"), "whole", 1)
            .bundle();
    int unused = whole.manifest().baseline().share().indexOf(0.0);
    assertThat(unused).as("an expert that no row needs").isNotNegative();
    TinyRun broken = run.withNanExpert(unused);
    OnnxFile nan = Lowering.of(broken.run(), broken.weights(), GraphForm.FLOATS).expert(unused);
    Bundle lacking =
        BundleCopies.copy(
            whole,
            folder.resolve("copy"),
            copy -> OnnxFiles.write(nan, copy.resolve("experts/%03d.onnx".formatted(unused))));

    try (MoeModel model = MoeModel.open(lacking.path())) {
      assertThatCode(() -> model.selfTest().require("as served")).doesNotThrowAnyException();
    }
    assertThatThrownBy(() -> BundleCheck.check(lacking.path()))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("the split graphs: differs from the trained model by");
  }

  @Test
  void shouldRefuseMoreExpertsThanTheRuleChooses() throws Exception {
    TinyRun run = run(attentive(TEMPERATURE), new RoutingRule.TopK(1));

    refused(
        run,
        run.run().model(),
        run.weights(),
        new RoutingRule.TopK(2),
        "model.onnx: a row of expert_");
  }
}
