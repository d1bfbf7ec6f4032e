package dev.gatehouse.bench.model;

import dev.gatehouse.exporter.graph.OnnxFile;
import dev.gatehouse.exporter.lower.GraphForm;
import dev.gatehouse.exporter.lower.Lowering;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.trainer.model.Initialisation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Single graphs of a family, by the exporter's own lowering: whatever a graph does not hold is as
 * small as it can be.
 */
final class Graphs {
  private static final String RUN = "bench";

  private Graphs() {}

  /**
   * The gate's graph.
   *
   * @param experts outputs of the gate
   * @param weights its parameters by name
   */
  static byte[] gate(Family family, int experts, Map<String, Tensor> weights) {
    ModelSpec model = family.withTinyExperts().model(experts);
    return bytes(lowering(model, weights).gate());
  }

  /**
   * One expert's graph.
   *
   * @param weights its parameters, named as expert 0's
   */
  static byte[] expert(Family family, Map<String, Tensor> weights) {
    ModelSpec model =
        new ModelSpec(
            family.input(),
            Family.classNames(family.classes()),
            1,
            family.expert(),
            new GateSpec.Softmax(Family.TINY));
    return bytes(lowering(model, weights).expert(0));
  }

  private static Lowering lowering(ModelSpec model, Map<String, Tensor> weights) {
    return new Lowering(
        model, completed(model, weights), new RoutingRule.TopK(1), RUN, GraphForm.FLOATS);
  }

  private static byte[] bytes(OnnxFile graph) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      graph.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The weights with what else the model has, as training would begin with it. */
  private static Safetensors completed(ModelSpec model, Map<String, Tensor> weights) {
    Map<String, Tensor> all = new TreeMap<>();
    model.parameters().stream()
        .filter(parameter -> !weights.containsKey(parameter.name()))
        .forEach(parameter -> all.putAll(tensors(List.of(parameter), parameter.name().hashCode())));
    all.putAll(weights);
    return new Safetensors(Map.of(), all);
  }

  /** First values of parameters, by name. */
  static Map<String, Tensor> tensors(List<ParameterSpec> parameters, long seed) {
    Map<String, float[]> values = Initialisation.of(parameters, seed);
    Map<String, Tensor> tensors = new TreeMap<>();
    parameters.forEach(
        parameter ->
            tensors.put(
                parameter.name(),
                Tensor.of(
                    Objects.requireNonNull(values.get(parameter.name())),
                    parameter.shape().toArray(Integer[]::new))));
    return tensors;
  }
}
