package dev.gatehouse.exporter.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.gatehouse.exporter.inspect.Inspection;
import dev.gatehouse.exporter.parity.ParityReport;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.file.NpyArray;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that PyTorch wrote answer in a bundle as they do in PyTorch; make.py made them. */
class PyTorchFilesTest {
  private static final Path FILES =
      Path.of(System.getProperty("gatehouse.root"), "exporter/src/test/resources/pytorch");

  /** Convolution 3 x 8 x 8 x 9, then 48 to 8 and 8 to 4. */
  private static final long EXPERT = 2 * (3 * 8 * 8 * 9 + 48 * 8 + 8 * 4);

  @TempDir private Path folder;

  /** Both exporters' files, the older one's with a dynamic batch and with one of a single row. */
  @ParameterizedTest
  @CsvSource({"second.onnx, 21", "second-one-row.onnx, 13"})
  void shouldAnswerAsPyTorchDoes(String second, int opset) throws Exception {
    ImportReport report =
        Importer.run(
            new ImportOptions(
                FILES.resolve("gate.onnx"),
                List.of(FILES.resolve("first.onnx"), FILES.resolve(second)),
                new RoutingRule.TopK(1),
                ImportOptions.Input.UNSAID,
                null,
                Taken.UNSAID,
                Taken.UNSAID,
                new ImportOptions.Given(FILES.resolve("rows.npy"), FILES.resolve("labels.npy"))),
            folder,
            "torch",
            1,
            step -> {});

    Bundle bundle = report.bundle();
    NpyArray answers = NpyArray.read(FILES.resolve("answers.npy"));
    float[] expected = new float[60 * 4];
    answers.floats().asFloatBuffer().get(expected);
    assertThat(bundle.selfTest().outputs()).containsExactly(expected, offset(1e-6f));
    ParityReport parity = report.parity();
    assertThat(parity.maxAbsDiff()).isLessThan(1e-6);
    assertThat(bundle.manifest().input().shape()).isEqualTo(Shape.of(1, 8, 8));
    assertThat(Inspection.of(bundle.path()).graphs())
        .extracting(graph -> graph.cost().flops())
        .containsExactly(2L * (64 * 6 + 6 * 2), EXPERT, EXPERT);
    assertThat(Inspection.of(bundle.path()).graphs().get(2).opset()).isEqualTo(opset);
    for (String file : bundle.manifest().files().keySet()) {
      assertThat(Files.readString(bundle.file(file), StandardCharsets.ISO_8859_1))
          .as("what PyTorch notes of its source stays behind; %s", file)
          .doesNotContain("stack_trace", "model.py", "fx_node");
    }
  }
}
