package dev.gatehouse.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.Network.Tap;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.proto.run.Distillation;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.Training;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResolutionTest {
  @TempDir private Path folder;

  private Settings file(String yaml) throws Exception {
    Path file = folder.resolve("config.yaml");
    Files.writeString(file, yaml);
    return ConfigFile.read(file);
  }

  @Test
  void shouldTakeTheDefaultsWhereNothingIsSaid() {
    assertThat(Resolution.train(Settings.none()))
        .isEqualTo(Defaults.train("strokes", null, GateKind.ATTENTIVE));
  }

  /** The authors' training scripts, one function a kind of gate. */
  @ParameterizedTest
  @CsvSource({
    "single, 1e-6",
    "original, 1e-3",
    "stochastic, 1e-3",
    "top-1, 1e-3",
    "top-2, 1e-3",
    "loss-gate, 1e-3",
    "attentive, 0",
    "attentive-stochastic, 0",
    "attentive-top-1, 0",
    "attentive-top-2, 0",
    "no-gate-self-information, 0",
    "no-gate-entropy, 0"
  })
  void shouldDecayWeightsAsTheMethodsAuthorsDo(String method, double decay) {
    TrainConfig config = Resolution.train(Settings.none().with("method", method));

    assertThat(config.training().optimizer().weightDecay()).isEqualTo(decay);
  }

  /** The authors' two notebooks on Fashion-MNIST make each Adam without a decay. */
  @ParameterizedTest
  @ValueSource(strings = {"single", "original", "attentive"})
  void shouldDecayNoWeightsOnFashionMnistUnlessAsked(String method) {
    Settings given = Settings.none().with("recipe", "paper-fashion").with("method", method);
    Settings asked = given.with("training.optimizer.weight_decay", 1e-4);

    assertThat(Resolution.train(given).training().optimizer().weightDecay()).isZero();
    assertThat(Resolution.train(asked).training().optimizer().weightDecay()).isEqualTo(1e-4);
  }

  @Test
  void shouldGiveAStudentOfATableAGateForRowsThatAreNoImages() {
    Settings given = Settings.none().with("teacher", "runs/t");
    InputSpec table =
        new InputSpec(
            "features",
            InputSpec.Datatype.FP32,
            Shape.of(4),
            0,
            1,
            new InputSpec.Normalisation(
                1, List.of(0.0, 0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0, 1.0)));

    assertThat(Resolution.distill(given, table).architecture()).isEqualTo(Architectures.FOR_TABLES);
    assertThat(Resolution.distill(given.with("architecture", "small"), table).architecture())
        .isEqualTo("small");
  }

  @ParameterizedTest
  @CsvSource({
    "'temperature: 10|1|0.5', 0.5",
    "'temperature: 10|1|0.5, serving: 2', 2",
    "'method: no-gate-entropy', 1",
    "'method: no-gate-entropy, serving: 0.1', 0.1"
  })
  void shouldServeTheLastTemperatureUnlessAnotherIsNamed(String given, double served)
      throws Exception {
    String yaml =
        given
            .replace("serving", "serving_temperature")
            .replaceFirst("^temperature: ([^,]*)", "training: {temperature: $1}")
            .replace(", ", "\n");

    assertThat(Resolution.train(file(yaml)).gateSpec().temperature()).isEqualTo(served);
  }

  @Test
  void shouldLetTheLaterLayerWin() throws Exception {
    Settings given =
        file("""
                recipe: paper-mnist
                method: top-2
                training:
                  epochs: 7
                  optimizer:
                    learning_rate: cosine 1e-2..1e-4
                """)
            .with("training.epochs", 9);

    TrainConfig config = Resolution.train(given);

    assertThat(config.dataset()).isEqualTo("mnist");
    assertThat(config.training().batch()).isEqualTo(512);
    assertThat(config.training().rule()).isEqualTo(new RoutingRule.TopK(2));
    assertThat(config.serving()).isEqualTo(new RoutingRule.TopK(2));
    assertThat(config.training().optimizer().weightDecay()).isEqualTo(1e-3);
    assertThat(config.training().optimizer().learningRate())
        .isEqualTo(new Schedule.Cosine(1e-2, 1e-4));
    assertThat(config.training().epochs()).isEqualTo(9);
  }

  @Test
  void shouldReadNetworksOfTheUsersOwn() throws Exception {
    TrainConfig config =
        Resolution.train(
            file(
                """
                networks:
                  expert:
                    trunk:
                      - {layer: conv2d, channels: 4, kernel: 5}
                      - {layer: batch_norm}
                      - {layer: relu}
                      - {layer: flatten}
                      - {layer: linear, features: 16}
                  gate:
                    hidden: before_relu
                    trunk:
                      - {layer: flatten}
                      - {layer: linear, features: 8}
                """));

    Networks networks = Objects.requireNonNull(config.networks());
    assertThat(networks.expert().trunk()).startsWith(new Layer.Conv2d(4, 5, 0, true));
    assertThat(networks.gate().width()).isEqualTo(8);
  }

  /**
   * What run.json says is what config.yaml says, and what the file said where it said something.
   */
  @ParameterizedTest
  @CsvSource({
    "attentive, , BEFORE_RELU",
    "attentive, before_relu, BEFORE_RELU",
    "attentive, after_relu, AFTER_RELU",
    "softmax, , AFTER_RELU",
    "softmax, before_relu, BEFORE_RELU",
    "noisy, after_relu, AFTER_RELU"
  })
  void shouldReadTheGatesHiddenLayerWhereTheFileSays(String gate, String hidden, Tap expected)
      throws Exception {
    String trunk = "{trunk: [{layer: flatten}, {layer: linear, features: 8}]";
    String yaml =
        "gate: %s\nnetworks: {expert: %s}, gate: %s%s}}\n"
            .formatted(gate, trunk, trunk, hidden == null ? "" : ", hidden: " + hidden);

    TrainConfig config = Resolution.train(file(yaml));

    Network spec = Objects.requireNonNull(config.gateSpec().network());
    assertThat(spec.hidden()).isEqualTo(expected);
    assertThat(Objects.requireNonNull(config.networks()).gate()).isEqualTo(spec);
    assertThat(config.networks().expert().hidden()).isEqualTo(Tap.AFTER_RELU);
    assertThat(Resolution.train(file(ConfigFile.text(config)))).isEqualTo(config);
  }

  @ParameterizedTest
  @CsvSource({"attentive, BEFORE_RELU", "softmax, AFTER_RELU"})
  void shouldReadAnArchitecturesGateAsItsKindDoes(String gate, Tap expected) {
    TrainConfig config = Resolution.train(Settings.none().with("gate", gate));

    assertThat(Objects.requireNonNull(config.gateSpec().network()).hidden()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "expertz: 3 | unknown key expertz; did you mean experts?",
        "training: {epoch: 3} | unknown key training.epoch; did you mean epochs?",
        "training: {optimizer: {lerning_rate: 1}} | unknown key training.optimizer.lerning_rate;"
            + " did you mean learning_rate?",
        "method: magic | method must be one of single, original",
        "recipe: cake | recipe must be one of paper-mnist",
        "gate: golden | gate must be one of [none, softmax",
        "training: {rule: top-x} | a routing rule is dense, certified or top-K",
        "training: {epochs: 0} | configuration: epochs must be at least 1; epochs=0",
        "experts: 3, gate: none | configuration",
        "training: {optimizer: {learning_rate: fast}} | configuration: a schedule is a number",
        "training: {loss: magic} | configuration"
      })
  void shouldSayInOneLineWhatIsWrong(String yaml, String expected) throws Exception {
    String text = yaml.startsWith("experts: 3,") ? "experts: 3\ngate: none\n" : yaml;

    assertThatThrownBy(() -> Resolution.train(file(text)))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(expected)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void shouldNameTheLineOfAFileThatIsNoYaml() {
    assertThatThrownBy(() -> file("training:\n  epochs: [1\n"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("config.yaml: line ");
  }

  @ParameterizedTest
  @MethodSource("dev.gatehouse.trainer.config.Methods#all")
  void shouldReadBackEachMethodsResolvedConfiguration(Preset method) throws Exception {
    TrainConfig config =
        Resolution.train(
            Settings.none().with("recipe", "paper-mnist").with("method", method.name()));

    assertThat(Resolution.train(file(ConfigFile.text(config)))).isEqualTo(config);
  }

  @Test
  void shouldReadBackADistillationsResolvedConfiguration() throws Exception {
    DistillConfig config =
        Defaults.distill(folder, null)
            .training(
                Training.plain(3, 32, 1e-3, 2)
                    .loss(Training.Loss.STOCHASTIC)
                    .distillation(new Distillation(0.5, 0.5)));

    assertThat(Resolution.distill(file(ConfigFile.text(config)))).isEqualTo(config);
  }
}
