package dev.gatehouse.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.config.Methods;
import dev.gatehouse.trainer.config.Networks;
import dev.gatehouse.trainer.config.Preset;
import dev.gatehouse.trainer.config.Resolution;
import dev.gatehouse.trainer.config.Settings;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.DataSets;
import dev.gatehouse.trainer.loop.Distiller;
import dev.gatehouse.trainer.loop.Trainer;
import dev.gatehouse.trainer.loop.TrainingListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Every method of the paper from labels to answers: two epochs on a part of the strokes with small
 * networks that hold every kind of layer, then {@code export}, {@code verify}, and the engine held
 * against what the trainer itself recorded; or one line that says why a model cannot be served.
 */
class EveryModelTest {
  private static final int EXPERTS = 3;

  /** Its gate needs a row's true class. */
  private static final String UNSERVABLE = "no-gate-self-information";

  /** How each method's model is served. */
  private static final Map<String, String> ROUTES =
      Map.ofEntries(
          Map.entry("single", "dense dense"),
          Map.entry("original", "sparse top-1"),
          Map.entry("attentive", "dense dense"),
          Map.entry("stochastic", "sparse top-1"),
          Map.entry("attentive-stochastic", "dense top-1"),
          Map.entry("top-1", "sparse top-1"),
          Map.entry("top-2", "sparse top-2"),
          Map.entry("attentive-top-1", "dense top-1"),
          Map.entry("attentive-top-2", "dense top-2"),
          Map.entry("loss-gate", "sparse top-1"),
          Map.entry("no-gate-entropy", "dense top-1"),
          Map.entry("noisy-top-1", "sparse top-1"),
          Map.entry("noisy-top-2", "sparse top-2"));

  private static final DataSet DATA = part(DataSets.load("strokes", null));

  /** Teachers are trained once, by the name of their method. */
  private static final Map<String, RunFolder> TEACHERS = new HashMap<>();

  @TempDir private static Path teachers;

  @TempDir private Path folder;
  private final StringWriter err = new StringWriter();

  private static DataSet part(DataSet whole) {
    return new DataSet(
        whole.name(),
        whole.licence(),
        whole.input(),
        whole.classes(),
        whole.families(),
        whole.train().slice(0, 400),
        whole.validation().slice(0, 200),
        whole.test().slice(0, 300));
  }

  private static Networks networks() {
    Network expert =
        new Network(
            List.of(
                new Layer.MaxPool(2),
                new Layer.Conv2d(4, 3, 0, false),
                new Layer.BatchNorm(),
                new Layer.MaxPool(2),
                new Layer.Relu(),
                new Layer.Flatten(),
                new Layer.BatchNorm(),
                new Layer.Linear(16)),
            Network.Tap.AFTER_RELU);
    Network gate =
        new Network(
            List.of(
                new Layer.MaxPool(4),
                new Layer.Conv2d(3, 3, 1),
                new Layer.BatchNorm(),
                new Layer.Relu(),
                new Layer.Flatten(),
                new Layer.Linear(16),
                new Layer.BatchNorm(),
                new Layer.Relu(),
                new Layer.Linear(12)),
            Network.Tap.AFTER_RELU);
    return new Networks(expert, gate);
  }

  private static RunFolder train(String method, Path out) throws IOException {
    Settings settings =
        Settings.none()
            .with("method", method)
            .with("networks", networks())
            .with("training.epochs", 2)
            .with("training.batch", 50);
    if (!method.equals("single")) {
      settings = settings.with("experts", EXPERTS);
    }
    return new Trainer(Clock.systemUTC(), new TrainingListener() {})
        .train(Resolution.train(settings), DATA, out);
  }

  private static RunFolder teacher(String method) throws IOException {
    RunFolder known = TEACHERS.get(method);
    if (known == null) {
      known = train(method, teachers.resolve(method));
      TEACHERS.put(method, known);
    }
    return known;
  }

  private int run(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(new StringWriter(), true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private int export(RunFolder trained, Path models) {
    String run = trained.path().toString();
    return run("export", "--run", run, "--out", models.toString(), "--name", "model");
  }

  /** Exports and verifies a run, and asks the engine what the trainer was asked. */
  private Manifest served(RunFolder trained) throws IOException {
    Path models = folder.resolve("models");
    assertThat(export(trained, models)).as(err.toString()).isEqualTo(ExitCode.OK);
    Path bundle = models.resolve("model").resolve("1");
    assertThat(run("verify", bundle.toString())).as(err.toString()).isEqualTo(ExitCode.OK);

    SelfTest recorded = trained.selfTest();
    try (MoeModel model = MoeModel.open(bundle)) {
      Prediction answer = model.predict(Rows.ofUint8(recorded.size(), recorded.rows().data()));
      Routing routing = answer.routing();
      recorded
          .compare(routing.gateProbabilities(), answer.probabilities(), routing.expertIndices())
          .require("the engine");
      assertThat(routing.k())
          .isBetween(
              trained.run().serving().k(),
              trained.run().serving() instanceof RoutingRule.Certified
                  ? EXPERTS
                  : trained.run().serving().k());
      return model.manifest();
    }
  }

  private static String route(Manifest manifest) {
    return manifest.routing().name().toLowerCase(Locale.ROOT) + " " + manifest.rule();
  }

  static Stream<String> methods() {
    return Methods.all().stream().map(Preset::name).filter(name -> !name.equals(UNSERVABLE));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void shouldServeWhatWasTrained(String method) throws Exception {
    assertThat(route(served(train(method, folder.resolve("run"))))).isEqualTo(ROUTES.get(method));
  }

  @Test
  void shouldSayThatAModelWhoseGateNeedsTheLabelIsToBeDistilled() throws Exception {
    RunFolder trained = teacher(UNSERVABLE);
    Path models = folder.resolve("models");

    assertThat(export(trained, models)).isEqualTo(ExitCode.BAD_INPUT);

    assertThat(err.toString())
        .contains("distil a gate first: gatehouse distill " + trained.path() + " --out RUN")
        .satisfies(text -> assertThat(text.lines()).hasSize(1));
    assertThat(Files.exists(models)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "attentive, softmax, cross_entropy, dense, dense dense",
    "attentive, softmax, cross_entropy, dense, sparse certified",
    "attentive, softmax, cross_entropy, top-1, sparse top-1",
    "attentive, softmax, cross_entropy, top-2, sparse top-2",
    "attentive, softmax, stochastic, top-1, sparse top-1",
    "attentive, noisy, cross_entropy, top-2, sparse top-2",
    "no-gate-self-information, softmax, cross_entropy, top-1, sparse top-1",
    "no-gate-entropy, softmax, stochastic, top-1, sparse top-1"
  })
  void shouldServeWhatWasDistilled(
      String teacher, String gate, String loss, String rule, String route) throws Exception {
    Settings settings =
        Settings.none()
            .with("teacher", teacher(teacher).path().toString())
            .with("gate", gate)
            .with("serving", route.substring(route.indexOf(' ') + 1))
            .with("training.loss", loss)
            .with("training.rule", rule)
            .with("training.epochs", 2)
            .with("training.batch", 50)
            .with("training.distillation.gate_share", 0.5);

    RunFolder student =
        new Distiller(Clock.systemUTC(), new TrainingListener() {})
            .distill(Resolution.distill(settings), DATA, folder.resolve("student"));

    assertThat(student.run().teacher()).isEqualTo(requireNonNull(teacher(teacher)).run().id());
    assertThat(route(served(student))).isEqualTo(route);
  }
}
