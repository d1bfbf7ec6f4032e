package dev.gatehouse.service.rpc;

import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.oip.ModelMetadataResponse;
import dev.gatehouse.proto.oip.ModelMetadataResponse.TensorMetadata;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the Open Inference Protocol says of a model. Outputs are those answered by default; the
 * properties name those that say how a row was routed.
 *
 * @param manifest the model's
 */
record ModelDescription(Manifest manifest) {
  private static final String PLATFORM = "onnx_onnxv1";

  /** The answer, with the served {@code versions} of the model. */
  ModelMetadataResponse metadata(List<Integer> versions) {
    var input = manifest.input();
    ModelMetadataResponse.Builder answer =
        ModelMetadataResponse.newBuilder()
            .setName(manifest.name())
            .addAllVersions(versions.stream().map(Object::toString).toList())
            .setPlatform(PLATFORM)
            .addInputs(
                TensorMetadata.newBuilder()
                    .setName(input.name())
                    .setDatatype(input.datatype().name())
                    .addAllShape(
                        input.shape().batched(-1).stream().map(Integer::longValue).toList()))
            .addOutputs(
                output(InferOutput.PROBABILITIES, "FP32").addShape(manifest.classes().size()))
            .addOutputs(output(InferOutput.CLASS, "INT64"));
    return answer
        .putProperties("routing", manifest.routing().name().toLowerCase(Locale.ROOT))
        .putProperties("routing_rule", manifest.rule().toString())
        .putProperties("routing_outputs", routingOutputs())
        .putProperties("experts", Integer.toString(manifest.experts()))
        .putProperties("classes", String.join(",", manifest.classes()))
        .build();
  }

  private static TensorMetadata.Builder output(InferOutput output, String datatype) {
    return TensorMetadata.newBuilder()
        .setName(output.wireName())
        .setDatatype(datatype)
        .addShape(-1);
  }

  private static String routingOutputs() {
    return InferOutput.routing().stream()
        .map(InferOutput::wireName)
        .collect(Collectors.joining(","));
  }
}
