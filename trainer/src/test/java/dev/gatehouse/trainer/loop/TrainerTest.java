package dev.gatehouse.trainer.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.RoutingTable;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.RoutingRules;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.evaluation.Evaluation;
import dev.gatehouse.trainer.evaluation.Measure;
import dev.gatehouse.trainer.evaluation.Predictor;
import dev.gatehouse.trainer.model.MixtureModel;
import dev.gatehouse.trainer.testing.TinyData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainerTest {
  private static final DataSet DATA = TinyData.dataSet(17);
  private static final RoutingRule DENSE = new RoutingRule.Dense();

  @TempDir private Path folder;

  private static Run.Training training(RoutingRule rule, int epochs, double learningRate) {
    return new Run.Training(rule, epochs, 32, learningRate, 1e-4, 0.2, 0.5, 0.5, 3);
  }

  private TrainConfig config(GateKind gate, Run.Training training, RoutingRule serving) {
    int experts = gate == GateKind.NONE ? 1 : 3;
    return new TrainConfig(
        "tiny", null, "paper-mnist", experts, gate, serving, training, folder.resolve("run"));
  }

  private static RunFolder train(TrainConfig config) throws Exception {
    return new Trainer(Clock.systemUTC(), new TrainingListener() {}).train(config, DATA);
  }

  private static Run.Results results(RunFolder run) {
    return Objects.requireNonNull(run.completeRun().results());
  }

  @ParameterizedTest
  @CsvSource({
    "NONE,dense,dense",
    "SOFTMAX,dense,top-1",
    "SOFTMAX,top-1,top-1",
    "SOFTMAX,top-2,top-2",
    "ATTENTIVE,dense,dense",
    "ATTENTIVE,top-2,dense"
  })
  void shouldLearnFarBeyondChanceWithEveryGateAndRule(GateKind gate, String rule, String serving)
      throws Exception {
    Run.Training training = training(RoutingRules.parse(rule), 6, 2e-2);

    RunFolder run = train(config(gate, training, RoutingRules.parse(serving)));

    List<EpochMetrics> metrics = run.metrics();
    assertThat(metrics).hasSize(6);
    assertThat(metrics.get(5).loss()).isLessThan(metrics.get(0).loss() / 2);
    Run.Results results = results(run);
    assertThat(results.test().servedError()).isLessThan(0.15);
    assertThat(results.validation().denseError()).isEqualTo(metrics.get(5).validationError());
  }

  @Test
  void shouldGiveTheSameBitsForTheSameSeedOnAnyThread() throws Exception {
    TrainConfig first = config(GateKind.ATTENTIVE, training(DENSE, 2, 1e-3), DENSE);
    TrainConfig second =
        new TrainConfig(
            "tiny",
            null,
            "paper-mnist",
            3,
            GateKind.ATTENTIVE,
            DENSE,
            first.training(),
            folder.resolve("again"));
    train(first);
    // The engine's gradient mode belongs to a thread; a run must not depend on which it is on.
    CompletableFuture.runAsync(
            () -> {
              try {
                train(second);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            })
        .get();

    for (String file : List.of("weights.safetensors", "optimizer.safetensors")) {
      assertThat(folder.resolve("again").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("run").resolve(file));
    }
  }

  @Test
  void shouldRecordWhatTheModelItselfSays() throws Exception {
    RunFolder run =
        train(config(GateKind.SOFTMAX, training(DENSE, 2, 1e-2), new RoutingRule.TopK(1)));

    SelfTest selfTest = run.selfTest();
    assertThat(selfTest.size()).isEqualTo(DATA.test().size());
    assertThat(run.routing().test().hits().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(DATA.test().size());
    ModelSpec spec = run.run().model();
    try (MixtureModel model = Checkpoints.open(run, spec)) {
      Evaluation again = Evaluation.of(model, DATA, run.run().serving());
      assertThat(again.results()).isEqualTo(run.run().results());
      assertThat(again.selfTest().outputs()).containsExactly(selfTest.outputs());
      assertThat(again.selfTest().compare(selfTest.gateProbabilities(), selfTest.outputs()))
          .satisfies(parity -> assertThat(parity.maxAbsDiff()).isZero());
    }
  }

  @Test
  void shouldLeaveEveryMeasurementAndAReportOfThem() throws Exception {
    RunFolder run =
        train(config(GateKind.SOFTMAX, training(DENSE, 2, 1e-2), new RoutingRule.TopK(1)));

    RunMeasurements measured = Objects.requireNonNull(run.measurements());
    Run complete = run.completeRun();
    EpochMetrics last = run.metrics().get(1);
    assertThat(measured.validation().served().top1()).isEqualTo(last.servedError());
    assertThat(measured.validation().mutualInformation()).isEqualTo(last.mutualInformation());
    assertThat(last.learningRate()).isEqualTo(1e-2);
    assertThat(complete.results()).isEqualTo(Run.Results.of(measured));
    assertThat(run.routing().test()).isEqualTo(RoutingTable.of(measured.test()));
    try (MixtureModel model = Checkpoints.open(run, complete.model())) {
      // Predicted whole, where the run was measured in pieces.
      assertThat(Measure.of(Predictor.predict(model, DATA.train()), complete.serving()))
          .isEqualTo(measured.train());
    }
    Document page = Jsoup.parse(Files.readString(run.report()));
    assertThat(page.select("h1").text()).isEqualTo(complete.id());
    assertThat(page.select("#measurements tr").eachText())
        .anyMatch(
            row ->
                row.startsWith(
                    String.format(
                        Locale.ROOT,
                        "error as served %.2f%%",
                        100 * measured.train().served().top1())));
    assertThat(page.select("img")).hasSizeGreaterThan(30);
  }

  @Test
  void shouldStopInOneLineWhenTheLossIsNoNumber() {
    assertThatThrownBy(() -> train(config(GateKind.SOFTMAX, training(DENSE, 3, 1e20), DENSE)))
        .isInstanceOf(BadInput.class)
        .hasMessageMatching("the loss became NaN in epoch 1, step \\d+; try a smaller .*");
  }

  @Test
  void shouldLeaveNothingBehindWhenTheInputIsWrong() {
    TrainConfig config =
        config(GateKind.ATTENTIVE, training(DENSE, 1, 1e-3), new RoutingRule.TopK(1));

    assertThatThrownBy(() -> train(config))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("served dense");
    assertThat(config.out()).doesNotExist();
  }

  @Test
  void shouldRefuseARunFolderThatIsThereAlready() throws Exception {
    TrainConfig config = config(GateKind.SOFTMAX, training(DENSE, 1, 1e-3), DENSE);
    Files.createDirectories(config.out());
    Files.writeString(config.out().resolve("mine"), "kept");

    assertThatThrownBy(() -> train(config)).isInstanceOf(BadInput.class);
    assertThat(config.out().resolve("mine")).hasContent("kept");
  }

  @ParameterizedTest
  @CsvSource({"1", "0"})
  void shouldDistilIntoAPlainGateWithTheTeachersExperts(double match) throws Exception {
    RunFolder teacher = train(config(GateKind.ATTENTIVE, training(DENSE, 12, 1e-2), DENSE));
    DistillConfig config =
        new DistillConfig(
            teacher.path(),
            null,
            new RoutingRule.TopK(1),
            new Run.Training(DENSE, 12, 32, 1e-2, 0, 0, 0, 0, match, 3),
            folder.resolve("student"));

    RunFolder student =
        new Distiller(Clock.systemUTC(), new TrainingListener() {}).distill(config, DATA);

    Run run = student.completeRun();
    assertThat(run.teacher()).isEqualTo(teacher.run().id());
    assertThat(run.model().gate().sparse()).isTrue();
    assertThat(run.training().match()).isEqualTo(match);
    assertThat(results(student).test().servedError()).isLessThan(0.15);
    var before = teacher.weights(teacher.run().model().parameters());
    var after = student.weights(run.model().parameters());
    for (int e = 0; e < 3; e++) {
      for (var parameter : run.model().expertParameters(e)) {
        assertThat(after.tensors().get(parameter.name()))
            .isEqualTo(before.tensors().get(parameter.name()));
      }
    }
    assertThat(student.optimizer().tensors().keySet()).allMatch(n -> n.startsWith("gate."));
  }

  @Test
  void shouldRefuseToDistilOnOtherData() throws Exception {
    RunFolder teacher = train(config(GateKind.ATTENTIVE, training(DENSE, 1, 1e-3), DENSE));
    DistillConfig config = DistillConfig.defaults(teacher.path(), null, folder.resolve("student"));

    assertThatThrownBy(
            () ->
                new Distiller(Clock.systemUTC(), new TrainingListener() {})
                    .distill(config, TinyData.dataSet(18)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("was trained on tiny with fingerprint");
    assertThat(config.out()).doesNotExist();
  }

  @Test
  void shouldRefuseToDistilASingleModel() throws Exception {
    RunFolder teacher = train(config(GateKind.NONE, training(DENSE, 1, 1e-3), DENSE));

    assertThatThrownBy(
            () ->
                new Distiller(Clock.systemUTC(), new TrainingListener() {})
                    .distill(
                        DistillConfig.defaults(teacher.path(), null, folder.resolve("student")),
                        DATA))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("has no gate to distil");
  }
}
