package dev.gatehouse.exporter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.exporter.parity.BundleCheck;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs whose weights lie in files beside them, as those past 1 GiB do. */
class ExternalDataTest {
  private static final TinyRun RUN =
      TinyRun.of("wide", TinyModels.wide(3), new RoutingRule.TopK(2), 1);

  /** A gate or expert holds some 27 kB of weights, the whole model four times that. */
  private static final GraphFiles ALL_BESIDE = new GraphFiles(20_000);

  private static final GraphFiles WHOLE_BESIDE = new GraphFiles(50_000);

  @TempDir private Path folder;

  private Bundle export(GraphFiles files) throws IOException {
    return Exporter.export(
            RUN.write(folder.resolve("run-" + files.mostInside())),
            folder.resolve("models-" + files.mostInside()),
            "wide",
            1,
            ExportOptions.defaults(),
            files)
        .bundle();
  }

  @Test
  void shouldListEveryFileOfWeights() throws Exception {
    assertThat(export(ALL_BESIDE).manifest().files())
        .containsKeys(
            "model.onnx",
            "model.onnx.data",
            "gate.onnx.data",
            "experts/000.onnx.data",
            "experts/002.onnx.data");
    assertThat(export(WHOLE_BESIDE).manifest().files())
        .containsKey("model.onnx.data")
        .doesNotContainKeys("gate.onnx.data", "experts/000.onnx.data");
    assertThat(export(GraphFiles.USUAL).manifest().files()).doesNotContainKey("model.onnx.data");
  }

  @Test
  void shouldAnswerAsOneFileDoes() throws Exception {
    Rows rows = Rows.ofUint8(RUN.rows().size(), RUN.rows().tensor().data());
    Bundle apart = export(ALL_BESIDE);

    assertThat(BundleCheck.check(apart.path()).maxAbsDiff()).isLessThan(1e-5);
    try (MoeModel a = MoeModel.open(apart.path());
        MoeModel b = MoeModel.open(export(GraphFiles.USUAL).path())) {
      assertThat(a.predict(rows).probabilities()).isEqualTo(b.predict(rows).probabilities());
    }
  }

  /** Read as ONNX's document says, with no ONNX Runtime. */
  @Test
  void shouldPlaceTheWeightsAsTheGraphSays() throws Exception {
    Bundle apart = export(ALL_BESIDE);
    Bundle whole = export(GraphFiles.USUAL);
    for (String graph : new String[] {"model.onnx", "experts/001.onnx"}) {
      ByteBuffer data = ByteBuffer.wrap(Files.readAllBytes(apart.file(graph + ".data")));
      Map<String, TensorProto> expected =
          constants(whole, graph).stream().collect(Collectors.toMap(TensorProto::getName, t -> t));
      int outside = 0;
      for (TensorProto constant : constants(apart, graph)) {
        if (constant.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
          Map<String, String> where =
              constant.getExternalDataList().stream()
                  .collect(
                      Collectors.toMap(
                          StringStringEntryProto::getKey, StringStringEntryProto::getValue));
          int offset = Integer.parseInt(where.getOrDefault("offset", "none"));
          byte[] bytes = new byte[Integer.parseInt(where.getOrDefault("length", "none"))];
          data.get(offset, bytes);
          assertThat(where).containsEntry("location", Path.of(graph).getFileName() + ".data");
          assertThat(offset % 4096).isZero();
          assertThat(constant.getRawData().isEmpty()).isTrue();
          assertThat(bytes)
              .isEqualTo(
                  requireNonNull(expected.get(constant.getName())).getRawData().toByteArray());
          outside++;
        }
      }
      assertThat(outside).isGreaterThanOrEqualTo(2);
    }
  }

  private static List<TensorProto> constants(Bundle bundle, String graph) throws IOException {
    return ModelProto.parseFrom(Files.readAllBytes(bundle.file(graph)))
        .getGraph()
        .getInitializerList();
  }

  private void refused(Bundle bundle, String reason) {
    assertThatThrownBy(() -> BundleCheck.check(bundle.path()))
        .isInstanceOf(BadInput.class)
        .hasMessage(bundle.path() + ": the file " + reason);
    assertThatThrownBy(() -> MoeModel.open(bundle.path()))
        .isInstanceOf(BadInput.class)
        .hasMessage(bundle.path() + ": the file " + reason);
  }

  @Test
  void shouldRefuseMissingWeights() throws Exception {
    Bundle bundle = export(ALL_BESIDE);
    Files.delete(bundle.file("experts/001.onnx.data"));

    refused(bundle, "experts/001.onnx.data is missing");
  }

  @Test
  void shouldRefuseWeightsThatEndEarly() throws Exception {
    Bundle bundle = export(ALL_BESIDE);
    Path data = bundle.file("model.onnx.data");
    byte[] bytes = Files.readAllBytes(data);
    Files.write(data, Arrays.copyOf(bytes, bytes.length - 100));

    refused(
        bundle, "model.onnx.data has %d bytes, not %d".formatted(bytes.length - 100, bytes.length));
  }
}
