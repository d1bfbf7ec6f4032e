package dev.gatehouse.exporter.lower;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.gatehouse.exporter.reference.TinyBundles;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.exporter.testing.OnnxFiles;
import dev.gatehouse.proto.bundle.Precision.Weights;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who made a graph, of what: in the portable graph everything, in the split ones nothing. */
class GraphMetadataTest {
  private static final TinyRun RUN = TinyBundles.run("tiny-top1");

  private static Lowering lowered(TinyRun run, RoutingRule rule, String id, Weights weights) {
    return new Lowering(
        run.run().model(), run.weights(), rule, id, new GraphForm(weights, Datatype.FP32));
  }

  private static Map<String, String> metadata(ModelProto model) {
    return model.getMetadataPropsList().stream()
        .collect(
            Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
  }

  @Test
  void shouldSayInThePortableGraphWhereItComesFrom() throws Exception {
    ModelSpec model = RUN.run().model();

    ModelProto portable =
        OnnxFiles.parse(
            lowered(RUN, new RoutingRule.TopK(1), "my-run", Weights.FLOAT32).portable());

    assertThat(portable.getProducerName()).isEqualTo("gatehouse");
    assertThat(metadata(portable))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "run", "my-run",
                "classes", Json.line(TinyModels.CLASSES),
                "normalisation", Json.line(model.input().normalisation()),
                "rule", Json.line(new RoutingRule.TopK(1))));
  }

  /** Versions that share experts share their files, whatever else became of the model. */
  @ParameterizedTest
  @EnumSource
  void shouldWriteTheSameBytesForTheSameExpert(Weights weights) throws Exception {
    Map<String, Tensor> other = new HashMap<>(RUN.weights().tensors());
    TinyRun next = TinyRun.of("next", RUN.run().model(), new RoutingRule.TopK(2), 99);
    next.weights()
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (!name.startsWith("experts.1.")) {
                other.put(name, tensor);
              }
            });
    TinyRun changed = RUN.withWeights(new Safetensors(Map.of(), other));

    Lowering first = lowered(RUN, new RoutingRule.TopK(1), "first", weights);
    Lowering second = lowered(changed, new RoutingRule.TopK(2), "second", weights);

    assertThat(bytes(second, 1)).isEqualTo(bytes(first, 1));
    assertThat(bytes(second, 0)).isNotEqualTo(bytes(first, 0));
    assertThat(OnnxFiles.bytes(second.gate())).isNotEqualTo(OnnxFiles.bytes(first.gate()));
    assertThat(metadata(OnnxFiles.parse(first.gate()))).isEmpty();
    assertThat(metadata(OnnxFiles.parse(first.expert(1)))).isEmpty();
  }

  private static byte[] bytes(Lowering model, int expert) throws IOException {
    return OnnxFiles.bytes(model.expert(expert));
  }

  @Test
  void shouldWriteTheSameGateForTheSameWeights() throws Exception {
    Lowering first = lowered(RUN, new RoutingRule.TopK(1), "first", Weights.FLOAT32);
    Lowering second = lowered(RUN, new RoutingRule.TopK(2), "second", Weights.FLOAT32);

    assertThat(OnnxFiles.bytes(second.gate())).isEqualTo(OnnxFiles.bytes(first.gate()));
    assertThat(OnnxFiles.bytes(second.portable())).isNotEqualTo(OnnxFiles.bytes(first.portable()));
  }
}
