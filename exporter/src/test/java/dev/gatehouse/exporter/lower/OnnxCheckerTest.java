package dev.gatehouse.exporter.lower;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import dev.gatehouse.exporter.ExportOptions;
import dev.gatehouse.exporter.graph.OnnxFile;
import dev.gatehouse.exporter.reference.TinyBundles;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.exporter.reference.TinyVariants;
import dev.gatehouse.exporter.testing.OnnxFiles;
import dev.gatehouse.proto.bundle.Precision;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A second opinion on the graphs: ONNX's own checker, with strict inference of types and shapes.
 */
class OnnxCheckerTest {
  @TempDir private Path folder;

  private static Lowering lowered(String name, GraphForm form) {
    TinyRun run = TinyBundles.run(name);
    return Lowering.of(run.run(), run.weights(), form);
  }

  private static void check(Path file) {
    onnx.check_model(file.toString(), true, false, true);
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void shouldPassTheCheckerWithEveryGraph(String name) throws Exception {
    ExportOptions options = TinyBundles.options(name);
    passesTheChecker(lowered(name, new GraphForm(options.weights(), options.input())));
  }

  static Set<String> bundles() {
    return TinyBundles.runs().keySet();
  }

  private void passesTheChecker(Lowering model) throws IOException {
    List<OnnxFile> graphs = new ArrayList<>(List.of(model.portable()));
    if (model.isSparse()) {
      graphs.add(model.gate());
      for (int e = 0; e < model.experts(); e++) {
        graphs.add(model.expert(e));
      }
    }

    for (OnnxFile graph : graphs) {
      Path file = folder.resolve("graph.onnx");
      OnnxFiles.write(graph, file);
      assertThatCode(() -> check(file)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldPassTheCheckerWithEveryVariant(TinyVariants variant) throws Exception {
    ModelSpec model = variant.model(5, new Random(7));
    for (int k : new int[] {1, 3, 5}) {
      TinyRun run = TinyRun.of("variant", model, variant.rule(k), 1);
      passesTheChecker(Lowering.of(run.run(), run.weights(), GraphForm.FLOATS));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldPassTheCheckerWithEveryFormOfWeights(Precision.Weights weights) throws Exception {
    for (String name : List.of("tiny-top2", "tiny-dense-top2", "tiny-single")) {
      for (Datatype input : Datatype.values()) {
        passesTheChecker(lowered(name, new GraphForm(weights, input)));
      }
    }
  }

  @Test
  void shouldPassTheCheckerWithItsWeightsBesideIt() throws Exception {
    Path file = folder.resolve("model.onnx");
    Path data = folder.resolve("model.onnx.data");
    TinyRun run = TinyRun.of("wide", TinyModels.wide(3), new RoutingRule.TopK(2), 1);
    try (OutputStream out = Files.newOutputStream(file);
        OutputStream beside = Files.newOutputStream(data)) {
      Lowering.of(run.run(), run.weights(), GraphForm.FLOATS)
          .portable()
          .write(out, beside, "model.onnx.data");
    }

    assertThatCode(() -> check(file)).doesNotThrowAnyException();

    Files.delete(data);
    assertThatThrownBy(() -> check(file)).hasMessageContaining("model.onnx.data");
  }

  @Test
  void shouldBeRefusedWithAnOutputShapeThatIsNotTheGraphs() throws Exception {
    OnnxMl.ModelProto.Builder model =
        OnnxFiles.parse(lowered("tiny-top1", GraphForm.FLOATS).expert(0)).toBuilder();
    model
        .getGraphBuilder()
        .getOutputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(1)
        .setDimValue(5);
    Path file = Files.write(folder.resolve("graph.onnx"), model.build().toByteArray());

    assertThatThrownBy(() -> check(file))
        .isInstanceOf(RuntimeException.class)
        .hasMessageContaining("hape");
  }
}
