package dev.gatehouse.exporter.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exporter.onnx.ServedGraph;
import dev.gatehouse.exporter.testing.ForeignModel;
import dev.gatehouse.exporter.testing.ForeignNets;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every part is held to its file, whichever of them the rows choose. */
class PartCheckTest {
  private static final int FEATURES = 6;
  private static final Shape ROW = Shape.of(FEATURES);

  @TempDir private Path folder;

  /** A gate that chooses expert 0 for every row. */
  private static ForeignModel decided() {
    return new ForeignNets(new double[2][FEATURES], new double[] {30, 0}).pyTorch(17);
  }

  /** As a batch normalisation in training mode: rows less the mean of their batch. */
  private static ForeignModel lessTheMeanOfTheBatch(int classes) {
    float[] weights = new float[FEATURES * classes];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % 5 - 2;
    }
    return ForeignModel.of("pytorch", 17)
        .input("x", "n", FEATURES)
        .node(
            "ReduceMean",
            List.of("x"),
            List.of("mean"),
            ForeignModel.numbers("axes", 0),
            ForeignModel.number("keepdims", 1))
        .node("Sub", List.of("x", "mean"), List.of("centred"))
        .floats("w", weights, FEATURES, classes)
        .node("MatMul", List.of("centred", "w"), List.of("y"))
        .output("y", "n", classes);
  }

  private void importing(RoutingRule rule, ForeignModel gate, ForeignModel... experts)
      throws IOException {
    Path[] files = new Path[experts.length];
    for (int e = 0; e < files.length; e++) {
      files[e] = experts[e].write(folder.resolve("expert" + e + ".onnx"));
    }
    ImportOptions options =
        new ImportOptions(
            gate.write(folder.resolve("gate.onnx")),
            List.of(files),
            rule,
            // Around a mean that is not 0.
            new ImportOptions.Input(null, null, null, new ImportOptions.Range(0, 2), null),
            null,
            Taken.UNSAID,
            Taken.UNSAID,
            new ImportOptions.Drawn(1));
    Importer.run(options, folder.resolve("models"), "foreign", 1, step -> {});
  }

  private void refused(String file, RoutingRule rule, ForeignModel gate, ForeignModel... experts) {
    assertThatThrownBy(() -> importing(rule, gate, experts))
        .isInstanceOf(BadInput.class)
        .hasMessageMatching(
            ".*/" + file + ": served in a batch of 1, row 0 of the self-test gets another answer.*")
        .hasMessageContaining("so that a row's answer does not depend on the rows beside it");
    assertThat(folder.resolve("models")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldRefuseAnExpertWhoseAnswersDependOnTheBatch(boolean sparse) {
    RoutingRule rule = sparse ? new RoutingRule.TopK(1) : new RoutingRule.Dense();

    refused(
        "expert1.onnx",
        rule,
        decided(),
        ForeignNets.random(2, FEATURES, 4).pyTorch(17),
        lessTheMeanOfTheBatch(4));
  }

  @Test
  void shouldRefuseAGateWhoseAnswersDependOnTheBatch() {
    refused(
        "gate.onnx",
        new RoutingRule.TopK(1),
        lessTheMeanOfTheBatch(2),
        ForeignNets.random(2, FEATURES, 4).pyTorch(17),
        ForeignNets.random(3, FEATURES, 4).pyTorch(17));
  }

  /** One row at a time the file says something else than of many, which is how it is served. */
  @Test
  void shouldBlameTheBatchOfAFileThatIsHeldToAnother() {
    ForeignModel alone = lessTheMeanOfTheBatch(4);
    alone
        .proto()
        .getGraphBuilder()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(0)
        .setDimValue(1);

    assertThatThrownBy(
            () ->
                importing(
                    new RoutingRule.TopK(1),
                    decided(),
                    ForeignNets.random(2, FEATURES, 4).pyTorch(17),
                    alone))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("expert1.onnx: served in a batch of 256, row ")
        .hasMessageContaining("so that a row's answer does not depend on the rows beside it");
  }

  @Test
  void shouldTakeAnExpertThatNoRowChooses() {
    assertThatCode(
            () ->
                importing(
                    new RoutingRule.TopK(1),
                    decided(),
                    ForeignNets.random(2, FEATURES, 4).pyTorch(17),
                    ForeignNets.random(3, FEATURES, 4).fixedBatch(17, 5)))
        .doesNotThrowAnyException();
  }

  @Test
  void shouldRefuseAGraphThatIsNotTheFile() throws Exception {
    Path file = ForeignNets.random(2, FEATURES, 4).pyTorch(17).write(folder.resolve("a.onnx"));
    Original original = Original.read(file);
    ImportedRows rows =
        ImportedRows.draw(1, ROW, Datatype.FP32, new ImportOptions.Range(-1, 1)).first(20);
    InputSpec input =
        new InputSpec(
            "features", Datatype.FP32, ROW, -1, 1, ImportOptions.Scaling.NONE.of(FEATURES));
    Answers answers = Answers.of(original, "logits", 4, Taken.UNSAID, "--x", rows, input);
    ServedGraph.Form form =
        new ServedGraph.Form("features", ROW.dims(), Manifest.PROBABILITIES, 4, null);
    PartCheck check = new PartCheck(input, rows.rows(), folder);

    check.require(
        ServedGraph.of(original.graph(), "logits", true, form), answers, Manifest.PROBABILITIES);
    ServedGraph withoutSoftmax = ServedGraph.of(original.graph(), "logits", false, form);

    assertThatThrownBy(() -> check.require(withoutSoftmax, answers, Manifest.PROBABILITIES))
        .isInstanceOf(BadInput.class)
        .hasMessageMatching(
            Pattern.quote(file.toString())
                + ": what would be served of it gives row 0 of the self-test another answer than"
                + " the file does, by \\d\\.\\d\\de[+-]\\d\\d; at most 1e-04 is accepted");
    assertThat(folder.resolve("part.onnx")).doesNotExist();
  }
}
