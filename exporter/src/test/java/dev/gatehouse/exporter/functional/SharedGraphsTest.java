package dev.gatehouse.exporter.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exporter.ExportReport;
import dev.gatehouse.exporter.Exporter;
import dev.gatehouse.exporter.parity.BundleCheck;
import dev.gatehouse.exporter.reference.TinyModels;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.RoutingRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions of a model that have experts in common have their files in common. */
class SharedGraphsTest {
  @TempDir private Path folder;
  private TinyRun first;
  private Bundle one;

  @BeforeEach
  void export() throws IOException {
    first =
        TinyRun.spread(
            "shared",
            TinyModels.mixture(TinyModels.grey(), 3, new GateSpec.Softmax(TinyModels.gate())),
            new RoutingRule.TopK(1),
            1);
    one = exported(first, 1).bundle();
  }

  private ExportReport exported(TinyRun run, int version) throws IOException {
    return Exporter.export(
        run.write(folder.resolve("run" + version)), folder.resolve("models"), "shared", version);
  }

  /** The first run with the last layer of expert {@code e} halved: whatever else it is, another. */
  private TinyRun withOtherExpert(int e) {
    Map<String, Tensor> tensors = new HashMap<>(first.weights().tensors());
    for (ParameterSpec parameter : first.run().model().expertParameters(e)) {
      if (parameter.name().contains("head")) {
        float[] values = tensors.get(parameter.name()).floats();
        for (int i = 0; i < values.length; i++) {
          values[i] /= 2;
        }
        tensors.put(parameter.name(), Tensor.of(values, parameter.shape().toArray(Integer[]::new)));
      }
    }
    return first.withWeights(new Safetensors(first.weights().metadata(), tensors));
  }

  private static boolean same(Bundle a, Bundle b, String file) throws IOException {
    return Files.isSameFile(a.file(file), b.file(file));
  }

  private static long bytes(Bundle bundle, String... files) {
    long sum = 0;
    for (String file : files) {
      sum += bundle.manifest().files().get(file).bytes();
    }
    return sum;
  }

  @Test
  void shouldShareTheExpertsThatDidNotChange() throws Exception {
    assertThat(exportedFiles(one)).hasSize(7);

    ExportReport report = exported(withOtherExpert(1), 2);
    Bundle two = report.bundle();

    for (String file : List.of("gate.onnx", "experts/000.onnx", "experts/002.onnx")) {
      assertThat(same(one, two, file)).as(file).isTrue();
    }
    for (String file :
        List.of("experts/001.onnx", "model.onnx", "selftest.safetensors", "MODEL_CARD.md")) {
      assertThat(same(one, two, file)).as(file).isFalse();
    }
    assertThat(report.sharedBytes())
        .isEqualTo(bytes(two, "gate.onnx", "experts/000.onnx", "experts/002.onnx"));
    assertThat(onDisk()).isEqualTo(total(one) + total(two) - report.sharedBytes());
    BundleCheck.check(one.path());
    BundleCheck.check(two.path());
  }

  private static List<String> exportedFiles(Bundle bundle) {
    return List.copyOf(bundle.manifest().files().keySet());
  }

  private static long total(Bundle bundle) {
    return bundle.manifest().files().values().stream().mapToLong(Manifest.FileEntry::bytes).sum();
  }

  /** Bytes of the models' files, each counted once whatever names it has; without manifests. */
  private long onDisk() throws IOException {
    Map<Object, Long> sizes = new HashMap<>();
    try (var files = Files.walk(folder.resolve("models"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        if (!file.endsWith(Bundle.MANIFEST)) {
          sizes.put(Files.getAttribute(file, "unix:ino"), Files.size(file));
        }
      }
    }
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void shouldShareNothingWithAFileThatIsNotWhatItsManifestSays() throws Exception {
    Path expert = one.file("experts/000.onnx");
    byte[] bytes = Files.readAllBytes(expert);
    bytes[bytes.length / 2] ^= 1;
    Files.write(expert, bytes);

    Bundle two = exported(withOtherExpert(1), 2).bundle();

    assertThat(same(one, two, "experts/000.onnx")).isFalse();
    assertThat(same(one, two, "experts/002.onnx")).isTrue();
    BundleCheck.check(two.path());
  }

  @Test
  void shouldFindATwinThatIsWholeBehindOneThatIsNot() throws Exception {
    Bundle two = exported(withOtherExpert(1), 2).bundle();
    // Another file under the old name, so that version 2 keeps what it had.
    AtomicFiles.write(one.file("experts/000.onnx"), "damaged");

    Bundle three = exported(withOtherExpert(2), 3).bundle();

    assertThat(same(two, three, "experts/000.onnx")).isTrue();
  }

  @Test
  void shouldPassOverVersionsThatCannotBeRead() throws Exception {
    Path models = folder.resolve("models/shared");
    Files.createDirectories(models.resolve("7"));
    Files.writeString(models.resolve("7/manifest.json"), "{\"format_version\": 99}");
    Files.createDirectories(models.resolve("8"));
    Files.writeString(models.resolve("notes.txt"), "of mine");

    assertThat(exported(withOtherExpert(1), 2).sharedBytes()).isPositive();
  }

  @Test
  void shouldNotLinkToALink() throws Exception {
    Path expert = one.file("experts/000.onnx");
    Path elsewhere = Files.move(expert, folder.resolve("elsewhere.onnx"));
    Files.createSymbolicLink(expert, elsewhere);

    Bundle two = exported(withOtherExpert(1), 2).bundle();

    assertThat(two.file("experts/000.onnx")).isRegularFile();
    assertThat(Files.isSymbolicLink(two.file("experts/000.onnx"))).isFalse();
    assertThat(Files.isSameFile(two.file("experts/000.onnx"), elsewhere)).isFalse();
  }

  @Test
  void shouldShareNothingWithAnotherModel() throws Exception {
    ExportReport other =
        Exporter.export(
            first.write(folder.resolve("again")), folder.resolve("models"), "another", 1);

    assertThat(other.sharedBytes()).isZero();
  }

  @Test
  void shouldKeepAVersionWholeWhenTheOtherIsRemoved() throws Exception {
    Bundle two = exported(withOtherExpert(1), 2).bundle();

    AtomicFiles.delete(one.path());

    BundleCheck.check(two.path());
  }

  @Test
  void shouldLeaveNoOtherFilesThanThoseOfTheManifest() throws Exception {
    Bundle two = exported(withOtherExpert(1), 2).bundle();

    try (var files = Files.walk(two.path())) {
      assertThat(files.filter(Files::isRegularFile))
          .extracting(file -> two.path().relativize(file).toString())
          .containsExactlyInAnyOrder(
              "manifest.json",
              "model.onnx",
              "gate.onnx",
              "experts/000.onnx",
              "experts/001.onnx",
              "experts/002.onnx",
              "selftest.safetensors",
              "MODEL_CARD.md");
    }
  }
}
