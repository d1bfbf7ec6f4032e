package dev.gatehouse.exporter.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exporter.testing.BundleCopies;
import dev.gatehouse.exporter.testing.ForeignModel;
import dev.gatehouse.exporter.testing.ForeignNets;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model tells two classes or more apart. */
class ImportedClassesTest {
  private static final int FEATURES = 6;

  @TempDir private Path folder;

  private ImportOptions options(
      ForeignModel expert, @Nullable List<String> classes, @Nullable String tensor)
      throws IOException {
    return new ImportOptions(
        ForeignNets.random(1, FEATURES, 1).pyTorch(17).write(folder.resolve("gate.onnx")),
        List.of(expert.write(folder.resolve("expert.onnx"))),
        new RoutingRule.TopK(1),
        new ImportOptions.Input(null, null, null, new ImportOptions.Range(-1, 1), null),
        classes,
        Taken.UNSAID,
        new Taken(tensor, null),
        new ImportOptions.Drawn(1));
  }

  private Bundle imported(ImportOptions options) throws IOException {
    return Importer.run(options, folder.resolve("models"), "foreign", 1, step -> {}).bundle();
  }

  /** Logits {@code y} behind a score {@code value}, of which a row has one. */
  private static ForeignModel withValue() {
    return ForeignModel.of("pytorch", 17)
        .input("x", "n", FEATURES)
        .floats("v", new float[FEATURES], FEATURES, 1)
        .floats("w", new float[FEATURES * 3], FEATURES, 3)
        .node("MatMul", List.of("x", "v"), List.of("value"))
        .node("MatMul", List.of("x", "w"), List.of("y"))
        .output("value", "n", 1)
        .output("y", "n", 3);
  }

  @Test
  void shouldRefuseAnExpertThatGivesOneNumberARow() {
    assertThatThrownBy(
            () -> imported(options(ForeignNets.random(2, FEATURES, 1).pyTorch(17), null, null)))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            folder.resolve("expert.onnx")
                + ": 'logits' gives one number a row; export one output a class");
    assertThatThrownBy(() -> imported(options(withValue(), null, "value")))
        .hasMessage(
            folder.resolve("expert.onnx")
                + ": 'value' gives one number a row; export one output a class");
    assertThat(folder.resolve("models")).doesNotExist();
  }

  @Test
  void shouldNotTakeAnotherScoreForTheClasses() throws Exception {
    Bundle bundle = imported(options(withValue(), null, null));

    assertThat(bundle.manifest().classes()).containsExactly("0", "1", "2");
    assertThat(bundle.manifest().experts()).as("a gate of one output stays one").isEqualTo(1);
  }

  @Test
  void shouldRefuseNamesOfFewerThanTwoClasses() {
    ForeignModel expert = ForeignNets.random(2, FEATURES, 1).pyTorch(17);

    assertThatThrownBy(() -> options(expert, List.of("spam"), null))
        .isInstanceOf(BadInput.class)
        .hasMessage("a model needs two or more classes; --classes names [spam]");
  }

  @Test
  void shouldNotMakeABundleOfOneClass() throws Exception {
    Bundle bundle = imported(options(withValue(), null, null));

    assertThatThrownBy(
            () -> BundleCopies.withClasses(bundle, folder.resolve("copy"), List.of("spam")))
        .isInstanceOf(BadInput.class)
        .hasMessage("a model needs two or more classes; classes=[spam]");
  }
}
