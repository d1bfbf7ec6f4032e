package dev.gatehouse.exporter.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.exporter.ExportOptions;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.exporter.parity.PortableAnswer;
import dev.gatehouse.exporter.parity.PortableModel;
import dev.gatehouse.exporter.reference.TinyBundles;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.exporter.reference.TinyVariants;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A portable graph that takes bytes says what the one that takes floats says, bit by bit. */
class ByteInputTest {
  @TempDir private Path folder;

  private Bundle export(TinyRun run, Datatype input) throws IOException {
    return Exporter.export(
            run.write(folder.resolve("run-" + input)),
            folder.resolve(input.name()),
            "model",
            1,
            ExportOptions.defaults().with(input))
        .bundle();
  }

  @ParameterizedTest
  @EnumSource
  void shouldAnswerBytesAsFloats(TinyVariants variant) throws Exception {
    requireSame(variant.run(2, 5));
  }

  @Test
  void shouldAnswerBytesAsFloatsInASingleModel() throws Exception {
    requireSame(
        TinyRun.of("single", TinyModels.single(TinyModels.grey()), new RoutingRule.Dense(), 1));
  }

  private void requireSame(TinyRun run) throws IOException {
    byte[] pixels = new byte[100 * 64];
    new Random(4).nextBytes(pixels);
    Rows rows = Rows.ofUint8(100, java.nio.ByteBuffer.wrap(pixels));
    Bundle floats = export(run, Datatype.FP32);
    Bundle bytes = export(run, Datatype.UINT8);

    try (PortableModel a = PortableModel.open(floats.file("model.onnx"), floats.manifest());
        PortableModel b = PortableModel.open(bytes.file("model.onnx"), bytes.manifest());
        MoeModel c = MoeModel.open(floats.path());
        MoeModel d = MoeModel.open(bytes.path())) {
      PortableAnswer expected = a.run(rows);
      PortableAnswer answer = b.run(rows);
      assertThat(answer.probabilities()).isEqualTo(expected.probabilities());
      assertThat(answer.gateProbabilities()).isEqualTo(expected.gateProbabilities());
      assertThat(answer.expertIndices()).isEqualTo(expected.expertIndices());
      assertThat(d.predict(rows).probabilities()).isEqualTo(c.predict(rows).probabilities());
    }
  }

  @Test
  void shouldTakeBytesInThePortableGraphAlone() throws Exception {
    Bundle bundle = export(TinyBundles.run("tiny-top1"), Datatype.UINT8);

    assertThat(input(bundle, "model.onnx")).isEqualTo(DataType.UINT8_VALUE);
    assertThat(input(bundle, "gate.onnx")).isEqualTo(DataType.FLOAT_VALUE);
    assertThat(input(bundle, "experts/001.onnx")).isEqualTo(DataType.FLOAT_VALUE);
  }

  private static int input(Bundle bundle, String graph) throws IOException {
    return ModelProto.parseFrom(Files.readAllBytes(bundle.file(graph)))
        .getGraph()
        .getInput(0)
        .getType()
        .getTensorType()
        .getElemType();
  }

  /** A byte cannot hold it, and another value's answer would be a wrong one. */
  @Test
  void shouldRefuseWhatIsNoByte() throws Exception {
    Bundle bundle = export(TinyBundles.run("tiny-dense"), Datatype.UINT8);
    float[] row = new float[64];
    row[7] = 3.5f;

    try (MoeModel model = MoeModel.open(bundle.path())) {
      assertThatThrownBy(() -> model.predict(Rows.of(1, row)))
          .isInstanceOf(BadInput.class)
          .hasMessage("image takes bytes, whole numbers from 0 to 255; row 0 holds 3.5 at 7");
    }
  }

  @Test
  void shouldNotMakeBytesOfATable() throws Exception {
    assertThatThrownBy(() -> export(TinyBundles.run("tiny-table"), Datatype.UINT8))
        .isInstanceOf(BadInput.class)
        .hasMessage("a graph that takes uint8 needs data that are bytes; features is FP32");
  }
}
