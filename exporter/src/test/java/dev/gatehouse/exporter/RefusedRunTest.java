package dev.gatehouse.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.exporter.reference.TinyBundles;
import dev.gatehouse.exporter.reference.TinyRun;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.Safetensors;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.OwnClass;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run whose parts do not make one finished model is refused, and nothing is written. */
class RefusedRunTest {
  @TempDir private Path folder;
  private TinyRun tiny;
  private RunFolder run;

  @BeforeEach
  void write() throws IOException {
    tiny = TinyBundles.run("tiny-top1");
    run = tiny.write(folder.resolve("run"));
  }

  private void refused(String reason) {
    Path models = folder.resolve("models");
    assertThatThrownBy(() -> Exporter.export(run, models, "tiny", 1))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(reason);
    assertThat(models).doesNotExist();
  }

  private void selfTest(RoutingRule rule, List<String> classes) throws IOException {
    SelfTest test = tiny.selfTest();
    run.write(
        new SelfTest(
            rule, classes, test.rows(), test.labels(), test.gateProbabilities(), test.outputs()));
  }

  @Test
  void shouldRefuseARunThatIsNotComplete() throws Exception {
    run.write(tiny.run());

    refused("this run did not finish; train it to its end first");
  }

  @Test
  void shouldNameTheJavaClassThatNoGraphCanBeMadeOf() throws Exception {
    Run known = run.completeRun();
    ModelSpec model = known.model();
    ModelSpec own =
        new ModelSpec(
            model.input(),
            model.classes(),
            model.experts(),
            model.expert(),
            new GateSpec.Own(new OwnClass("me.CosineGate", Map.of()), 1, List.of()));
    run.write(
        new Run(
            known.formatVersion(),
            known.id(),
            known.status(),
            known.created(),
            known.dataset(),
            own,
            known.serving(),
            known.training(),
            known.teacher(),
            known.versions(),
            known.results()));

    refused(
        "was trained with me.CosineGate, a Java class of your own, which cannot be exported to"
            + " ONNX");
  }

  @Test
  void shouldRefuseARunWithoutOneOfItsWeights() throws Exception {
    Map<String, Safetensors.Tensor> fewer = new HashMap<>(tiny.weights().tensors());
    fewer.remove("experts.2.head.bias");
    run.writeWeights(new Safetensors(Map.of(), fewer));

    refused("no tensor named experts.2.head.bias");
  }

  @Test
  void shouldRefuseASelfTestOfOtherClasses() throws Exception {
    selfTest(tiny.run().serving(), List.of("a", "b", "c", "d"));

    refused("classes of the self-test: found [a, b, c, d]");
  }

  @Test
  void shouldRefuseASelfTestOfAnotherRule() throws Exception {
    selfTest(new RoutingRule.TopK(2), tiny.run().model().classes());

    refused("rule of the self-test: found top-2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../escaped", "", ".hidden", "a/b"})
  void shouldRefuseANameThatIsNoFolderOfItsOwn(String name) {
    assertThatThrownBy(() -> Exporter.export(run, folder.resolve("models"), name, 1))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("a model's name is made of letters");
    assertThat(folder.resolve("models")).doesNotExist();
  }

  @Test
  void shouldFindTheVersionBehindTheHighest() throws Exception {
    Path models = folder.resolve("models");
    Exporter.export(run, models, "tiny", 9);
    Exporter.export(run, models, "tiny", 10);

    assertThat(Exporter.nextVersion(models, "tiny")).isEqualTo(11);
    assertThat(Exporter.nextVersion(models, "none")).isEqualTo(1);
  }
}
