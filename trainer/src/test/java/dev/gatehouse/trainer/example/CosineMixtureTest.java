package dev.gatehouse.trainer.example;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.network.GateSpec;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.OwnClass;
import dev.gatehouse.proto.network.ParameterSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.proto.run.Regularizers;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.cli.EvaluateCommand;
import dev.gatehouse.trainer.cli.ReportCommand;
import dev.gatehouse.trainer.config.ConfigFile;
import dev.gatehouse.trainer.config.Defaults;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.OwnClasses;
import dev.gatehouse.trainer.config.Resolution;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.DataSets;
import dev.gatehouse.trainer.loop.Distiller;
import dev.gatehouse.trainer.loop.Estimate;
import dev.gatehouse.trainer.loop.Stopped;
import dev.gatehouse.trainer.loop.Trainer;
import dev.gatehouse.trainer.loop.TrainingListener;
import dev.gatehouse.trainer.loop.Weights;
import dev.gatehouse.trainer.model.Gate;
import dev.gatehouse.trainer.model.GateOutput;
import dev.gatehouse.trainer.model.Initialisation;
import dev.gatehouse.trainer.model.OwnGate;
import dev.gatehouse.trainer.model.OwnParts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Experts and gates of a user's own, through everything that a run goes through. */
class CosineMixtureTest {
  private static final TrainingListener QUIET = new TrainingListener() {};

  @TempDir private Path folder;
  private TrainConfig config;
  private DataSet data;

  @BeforeEach
  void writeData() throws IOException {
    Path table = Sectors.write(folder.resolve("sectors.csv"));
    config = config(table, GateKind.SOFTMAX);
    data = DataSets.load(config.data());
  }

  private static TrainConfig config(Path table, GateKind gate) {
    return new TrainConfig(
        table.toString(),
        null,
        "mlp",
        null,
        3,
        gate,
        new RoutingRule.TopK(1),
        Training.plain(6, 32, 2e-2, 3).regularizers(Regularizers.importance(0.2)));
  }

  private static Run.Results results(RunFolder run) {
    return requireNonNull(run.completeRun().results());
  }

  private static float[] values(RunFolder run, String name) {
    return requireNonNull(run.weights(run.run().model().parameters()).tensors().get(name)).floats();
  }

  @Test
  void shouldLearnWhatNoLinearModelCan() throws Exception {
    RunFolder single =
        new Trainer(Clock.systemUTC(), QUIET)
            .train(
                new TrainConfig(
                    config.dataset(),
                    null,
                    "mlp",
                    null,
                    1,
                    GateKind.NONE,
                    new RoutingRule.Dense(),
                    config.training().regularizers(Regularizers.NONE)),
                data,
                folder.resolve("single"),
                OwnParts.expert(new CosineMixture.LinearExpert()));

    RunFolder run = CosineMixture.train(config, folder.resolve("run"));

    assertThat(results(single).test().servedError()).isGreaterThan(0.3);
    assertThat(results(run).test().servedError()).isLessThan(0.05);
    assertThat(results(run).test().usageEntropy()).isGreaterThan(1.4);
    assertThat(values(run, "gate.directions")).hasSize(3 * 2);
    assertThat(run.run().model().ownClasses())
        .containsExactly(
            CosineMixture.LinearExpert.class.getName(), CosineMixture.CosineGate.class.getName());
  }

  @Test
  void shouldEndWithTheSameBitsWhenItWasStopped() throws Exception {
    Path whole = CosineMixture.train(config, folder.resolve("whole")).path();
    int[] steps = {0};
    Path run = folder.resolve("stopped");
    OwnParts own = new OwnParts(new CosineMixture.LinearExpert(), new CosineMixture.CosineGate(8));
    assertThatThrownBy(
            () ->
                new Trainer(Clock.systemUTC(), QUIET, () -> ++steps[0] == 77)
                    .train(config, data, run, own))
        .isInstanceOf(Stopped.class);

    new Trainer(Clock.systemUTC(), QUIET).resume(RunFolder.open(run), data);

    assertThat(run.resolve("weights.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("weights.safetensors"));
    assertThat(RunFolder.open(run).measurements()).isEqualTo(RunFolder.open(whole).measurements());
  }

  @Test
  void shouldBeMeasuredAndReportedFromItsFolderAlone() throws Exception {
    RunFolder run = CosineMixture.train(config, folder.resolve("run"));
    RunMeasurements measured = requireNonNull(run.measurements());
    Files.delete(run.report());

    String evaluated = json(new EvaluateCommand(), run.path().toString());
    String reported = json(new ReportCommand(), run.path().toString());

    assertThat(evaluated).contains(Json.line(measured));
    assertThat(reported).contains(Json.line(measured));
    assertThat(Files.readString(run.report())).contains(CosineMixture.CosineGate.class.getName());
  }

  private static String json(Callable<Integer> command, String run) {
    StringWriter out = new StringWriter();
    CommandLine line = new CommandLine(command).setOut(new PrintWriter(out));
    assertThat(line.execute(run, "--json")).isEqualTo(ExitCode.OK);
    return out.toString();
  }

  @Test
  void shouldReadBackItsResolvedConfiguration() throws Exception {
    RunFolder run = CosineMixture.train(config, folder.resolve("run"));

    TrainConfig read = Resolution.train(ConfigFile.read(run.configuration()));

    assertThat(ConfigFile.text(read)).isEqualTo(Files.readString(run.configuration()));
    assertThat(read.own().gate()).isEqualTo(OwnClass.of(new CosineMixture.CosineGate(8)));
  }

  @Test
  void shouldTrainAGateThatAFileNames() throws Exception {
    Path file = folder.resolve("own.yaml");
    Files.writeString(
        file,
        """
        dataset: %s
        own:
          gate: {type: %s, settings: {sharpness: 4}}
        training: {epochs: 1}
        """
            .formatted(config.dataset(), CosineMixture.CosineGate.class.getName()));

    TrainConfig named = Resolution.train(ConfigFile.read(file));
    RunFolder run = new Trainer(Clock.systemUTC(), QUIET).train(named, data, folder.resolve("run"));

    assertThat(run.completeRun().model().gateParameters())
        .extracting(ParameterSpec::name)
        .containsExactly("gate.directions");
    assertThat(run.completeRun().model().network()).isEqualTo(named.expertNetwork());
  }

  @Test
  void shouldTakeNoSettingsForAClassWithoutComponents() throws Exception {
    Path file = folder.resolve("own.yaml");
    String type = CosineMixture.LinearExpert.class.getName();
    Files.writeString(file, "own:\n  expert: {type: %s}\n".formatted(type));

    assertThat(Resolution.train(ConfigFile.read(file)).own())
        .isEqualTo(OwnClasses.of(new CosineMixture.LinearExpert(), null));
  }

  @Test
  void shouldSayInADryRunWhatIsNotKnownOfIt() {
    OwnClasses gate = OwnClasses.of(null, new CosineMixture.CosineGate(8));

    Estimate estimate = Estimate.of(config.own(gate), data);

    assertThat(estimate.denseMultiplyAdds()).isNull();
    assertThat(estimate.gateParameters()).isEqualTo(3 * 2);
    assertThat(estimate.lines())
        .contains("your own       " + CosineMixture.CosineGate.class.getName())
        .noneMatch(line -> line.contains("multiply-adds"));
  }

  @Test
  void shouldGiveAnAttentiveGateItsKeysFromExpertsOfOnesOwn() throws Exception {
    TrainConfig attentive = config(Path.of(config.dataset()), GateKind.ATTENTIVE);

    RunFolder run =
        new Trainer(Clock.systemUTC(), QUIET)
            .train(
                attentive,
                data,
                folder.resolve("run"),
                OwnParts.expert(new CosineMixture.LinearExpert()));

    assertThat(results(run).test().denseError()).isLessThan(0.05);
    var model = run.completeRun().model();
    var start = Initialisation.of(model.parameters(), attentive.training().seed());
    for (ParameterSpec p : model.parameters()) {
      assertThat(values(run, p.name())).as(p.name()).isNotEqualTo(start.get(p.name()));
    }
  }

  @Test
  void shouldKeepItsExpertsWhenAPlainGateIsDistilled() throws Exception {
    RunFolder teacher = CosineMixture.train(config, folder.resolve("teacher"));

    RunFolder student =
        new Distiller(Clock.systemUTC(), QUIET)
            .distill(
                new DistillConfig(
                    teacher.path().toString(),
                    null,
                    "mlp",
                    GateKind.SOFTMAX,
                    new RoutingRule.TopK(1),
                    Defaults.distillation()),
                data,
                folder.resolve("student"));

    var model = student.completeRun().model();
    assertThat(model.ownClasses()).containsExactly(CosineMixture.LinearExpert.class.getName());
    for (ParameterSpec p : model.expertParameters(1)) {
      assertThat(values(student, p.name())).containsExactly(values(teacher, p.name()));
    }
  }

  @Test
  void shouldRefuseAClassThatAsksForOtherParametersThanTheRunHas() throws Exception {
    RunFolder run = CosineMixture.train(config, folder.resolve("run"));
    ModelSpec spec = run.run().model();
    GateSpec.Own gate = (GateSpec.Own) spec.gate();
    ParameterSpec was = new ParameterSpec("directions", gate.parameters().get(0).shape(), 1);
    GateSpec other = new GateSpec.Own(gate.own(), gate.temperature(), List.of(was));

    assertThatThrownBy(
            () ->
                Weights.open(
                    run,
                    new ModelSpec(
                        spec.input(), spec.classes(), spec.experts(), spec.expert(), other)))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("a class of this run asks for other parameters now; run: ");
  }

  @Test
  void shouldNameTheClassThatIsNotOnTheClassPath() throws Exception {
    RunFolder run = CosineMixture.train(config, folder.resolve("run"));
    Path json = run.path().resolve("run.json");
    Files.writeString(json, Files.readString(json).replace("$CosineGate", "$TangentGate"));

    assertThatThrownBy(() -> Weights.open(run, run.run().model()))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "dev.gatehouse.trainer.example.CosineMixture$TangentGate: no such class on the class"
                + " path; name the jar or folder that has it in GATEHOUSE_CLASSPATH");
  }

  /** Gates that a mixture cannot use. */
  record Wrong(String how) implements OwnGate {
    @Override
    public List<ParameterSpec> parameters(Shape row, int experts, int width) {
      String name = how.equals("name") ? "not a name" : "scores";
      return List.of(new ParameterSpec(name, List.of(how.equals("empty") ? 0 : experts), 1));
    }

    @Override
    public Gate gate(Function<String, NDArray> parameters) {
      return input ->
          GateOutput.softmax(input.x().getManager().zeros(new ai.djl.ndarray.types.Shape(1, 3)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name | a parameter's name is made of letters",
        "empty | parameter scores has dimensions and a fan-in of at least 1; shape=[0], fan_in=1",
        "shape | logits must be of shape (32, 3); shape=(1, 3)"
      })
  void shouldSayInOneLineWhatIsWrongWithAGate(String how, String expected) {
    Trainer trainer = new Trainer(Clock.systemUTC(), QUIET);

    assertThatThrownBy(
            () -> trainer.train(config, data, folder.resolve("run"), OwnParts.gate(new Wrong(how))))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(Wrong.class.getName() + ": " + expected);
  }

  @Test
  void shouldStandInTheDocumentsAsItIs() throws Exception {
    Path root = Path.of(System.getProperty("gatehouse.root"));
    String file = "trainer/src/test/java/dev/gatehouse/trainer/example/CosineMixture.java";

    assertThat(Files.readString(root.resolve("docs/training.md")))
        .contains("`" + file + "`", "```java\n" + Files.readString(root.resolve(file)) + "```\n");
  }
}
