package dev.gatehouse.exporter.lower;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import dev.gatehouse.exporter.reference.TinyBundles;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.exporter.reference.TinyVariants;
import dev.gatehouse.proto.network.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A second opinion on the graphs: ONNX's own checker, with strict inference of types and shapes.
 */
class OnnxCheckerTest {
  @TempDir private Path folder;

  private static LoweredModel lowered(String name) {
    TinyRun run = TinyBundles.run(name);
    return Lowering.of(run.run(), run.weights()).lower();
  }

  private void check(byte[] graph) throws IOException {
    Path file = Files.write(folder.resolve("graph.onnx"), graph);
    onnx.check_model(file.toString(), true, false, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny-top1",
        "tiny-top2",
        "tiny-certified",
        "tiny-dense",
        "tiny-dense-top2",
        "tiny-single",
        "tiny-table"
      })
  void shouldPassTheCheckerWithEveryGraph(String name) {
    passesTheChecker(lowered(name));
  }

  private void passesTheChecker(LoweredModel model) {
    List<byte[]> graphs = new ArrayList<>(model.experts());
    graphs.add(model.portable());
    if (model.gate() != null) {
      graphs.add(model.gate());
    }

    for (byte[] graph : graphs) {
      assertThatCode(() -> check(graph)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldPassTheCheckerWithEveryVariant(TinyVariants variant) {
    ModelSpec model = variant.model(5, new Random(7));
    for (int k : new int[] {1, 3, 5}) {
      TinyRun run = TinyRun.of("variant", model, variant.rule(k), 1);
      passesTheChecker(Lowering.of(run.run(), run.weights()).lower());
    }
  }

  @Test
  void shouldBeRefusedWithAnOutputShapeThatIsNotTheGraphs() throws Exception {
    OnnxMl.ModelProto.Builder model =
        OnnxMl.ModelProto.parseFrom(lowered("tiny-top1").experts().get(0)).toBuilder();
    model
        .getGraphBuilder()
        .getOutputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(1)
        .setDimValue(5);

    assertThatThrownBy(() -> check(model.build().toByteArray()))
        .isInstanceOf(RuntimeException.class)
        .hasMessageContaining("hape");
  }
}
