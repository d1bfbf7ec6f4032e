package dev.gatehouse.trainer.loop;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.network.ModelSpec;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Augment;
import dev.gatehouse.proto.run.Distillation;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.Regularizers;
import dev.gatehouse.proto.run.RoutingTable;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.SplitMeasurements;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.Defaults;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.RoutingRules;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.evaluation.Certified;
import dev.gatehouse.trainer.evaluation.Evaluation;
import dev.gatehouse.trainer.evaluation.Measure;
import dev.gatehouse.trainer.evaluation.Predictions;
import dev.gatehouse.trainer.evaluation.Predictor;
import dev.gatehouse.trainer.model.MixtureModel;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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

  private static Training training(RoutingRule rule, int epochs, double learningRate) {
    Schedule half = Schedule.of(0.5);
    Schedule none = Schedule.of(0);
    return Training.plain(epochs, 32, learningRate, 3)
        .rule(rule)
        .optimizer(new Training.Optimizer(Schedule.of(learningRate), null, 1e-4, 0))
        .regularizers(
            new Regularizers(Schedule.of(0.2), half, half, null, false, none, none, List.of()));
  }

  private TrainConfig config(GateKind gate, Training training, RoutingRule serving) {
    int experts = gate == GateKind.NONE ? 1 : 3;
    return TinyModels.config(gate, experts, serving, training);
  }

  private RunFolder train(TrainConfig config) throws Exception {
    return train(config, folder.resolve("run"));
  }

  private static RunFolder train(TrainConfig config, Path out) throws Exception {
    return new Trainer(Clock.systemUTC(), new TrainingListener() {}).train(config, DATA, out);
  }

  private static Run.Results results(RunFolder run) {
    return requireNonNull(run.completeRun().results());
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
    Training training = training(RoutingRules.parse(rule), 6, 2e-2);

    RunFolder run = train(config(gate, training, RoutingRules.parse(serving)));

    List<EpochMetrics> metrics = run.metrics();
    assertThat(metrics).hasSize(6);
    assertThat(metrics.get(5).loss()).isLessThan(metrics.get(0).loss() / 2);
    Run.Results results = results(run);
    assertThat(results.test().servedError()).isLessThan(0.15);
    assertThat(results.validation().denseError()).isEqualTo(metrics.get(5).validationError());
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void shouldKeepTheLossAboveWhatOneMoreSoftmaxCanReach(boolean softmax) throws Exception {
    Training plain = Training.plain(12, 32, 2e-2, 3);
    RunFolder teacher = train(config(GateKind.ATTENTIVE, softened(plain, softmax), DENSE));
    Training distillation = plain.distillation(new Distillation(0, 1));
    DistillConfig config =
        Defaults.distill(teacher.path(), null).training(softened(distillation, softmax));
    RunFolder student =
        new Distiller(Clock.systemUTC(), new TrainingListener() {})
            .distill(config, DATA, folder.resolve("student"));

    // The least that -log softmax(y) can be where y is 1 for the true class and 0 for the others.
    double least = Math.log(1 + (DATA.classes().size() - 1) / Math.E);
    for (RunFolder run : List.of(teacher, student)) {
      double loss = run.metrics().get(11).loss();
      assertThat(loss > least).as("%s: %s against %s", run.path(), loss, least).isEqualTo(softmax);
    }
  }

  @Test
  void shouldRefuseToDistilOnImagesThatMoveOutOfSightBeforeAnythingIsWritten() throws Exception {
    RunFolder teacher = train(config(GateKind.ATTENTIVE, training(DENSE, 1, 1e-3), DENSE));
    DistillConfig config =
        Defaults.distill(teacher.path(), null)
            .training(
                Training.plain(1, 32, 1e-3, 3)
                    .augment(new Augment(false, TinyData.SIDE))
                    .distillation(new Distillation(0, 1)));
    Path out = folder.resolve("student");

    assertThatThrownBy(
            () ->
                new Distiller(Clock.systemUTC(), new TrainingListener() {})
                    .distill(config, DATA, out))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "augment: shift must be less than an image's height and width; shift=8, image=8x8");
    assertThat(out).doesNotExist();
  }

  private static Training softened(Training training, boolean softmax) {
    return new Training(
        training.loss(),
        training.rule(),
        softmax,
        training.temperature(),
        training.epochs(),
        training.batch(),
        training.seed(),
        training.augment(),
        training.optimizer(),
        training.regularizers(),
        training.stopping(),
        training.distillation());
  }

  @Test
  void shouldGiveTheSameBitsForTheSameSeedOnAnyThread() throws Exception {
    TrainConfig first = config(GateKind.ATTENTIVE, training(DENSE, 2, 1e-3), DENSE);
    train(first);
    // The engine's gradient mode belongs to a thread; a run must not depend on which it is on.
    CompletableFuture.runAsync(
            () -> {
              try {
                train(first, folder.resolve("again"));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            })
        .get();

    Path again = folder.resolve("again");
    assertThat(again.resolve("weights.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("run").resolve("weights.safetensors"));
    assertThat(requireNonNull(RunFolder.open(again).checkpoint()).tensors())
        .isEqualTo(requireNonNull(RunFolder.open(folder.resolve("run")).checkpoint()).tensors());
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
    try (MixtureModel model = Weights.open(run, spec)) {
      Evaluation again = Evaluation.of(model, DATA, run.run().serving());
      assertThat(again.results()).isEqualTo(run.run().results());
      assertThat(again.selfTest().outputs()).containsExactly(selfTest.outputs());
      assertThat(again.selfTest().compare(selfTest.gateProbabilities(), selfTest.outputs()))
          .satisfies(parity -> assertThat(parity.maxAbsDiff()).isZero());
    }
  }

  @Test
  void shouldMeasureWhatCertifiedRoutingCostsAndServeByIt() throws Exception {
    RoutingRule certified = new RoutingRule.Certified();
    // So little training that gate and experts are still unsure.
    RunFolder run = train(config(GateKind.SOFTMAX, training(DENSE, 1, 1e-3), certified));

    RunMeasurements measured = requireNonNull(run.measurements());
    assertThat(measured.test().served()).isEqualTo(measured.test().dense());
    assertThat(run.selfTest().rule()).isEqualTo(certified);
    try (MixtureModel model = Weights.open(run, run.run().model())) {
      Certified cost = Evaluation.of(model, DATA, DENSE).certified();
      Predictions test = Predictor.predict(model, DATA.test());
      requireSame(cost.train(), measured.train());
      requireSame(cost.validation(), measured.validation());
      requireSame(cost.test(), measured.test());
      for (int row = 0; row < test.rows(); row++) {
        assertThat(Arrays.copyOfRange(run.selfTest().outputs(), row * 4, row * 4 + 4))
            .as("what every expert says of row %d", row)
            .containsExactly(test.answer(DENSE, row));
      }
    }
  }

  private static void requireSame(Certified.Split cost, SplitMeasurements served) {
    long hits = served.experts().stream().mapToLong(SplitMeasurements.ByExpert::hits).sum();
    assertThat(cost.expertsPerRow()).isEqualTo((double) hits / served.rows()).isGreaterThan(1);
    assertThat(cost.error()).isEqualTo(served.dense().top1()).isEqualTo(served.served().top1());
  }

  @Test
  void shouldLeaveEveryMeasurementAndAReportOfThem() throws Exception {
    RunFolder run =
        train(config(GateKind.SOFTMAX, training(DENSE, 2, 1e-2), new RoutingRule.TopK(1)));

    RunMeasurements measured = requireNonNull(run.measurements());
    Run complete = run.completeRun();
    EpochMetrics last = run.metrics().get(1);
    assertThat(measured.validation().served().top1()).isEqualTo(last.servedError());
    assertThat(measured.validation().mutualInformation()).isEqualTo(last.mutualInformation());
    assertThat(last.learningRate()).isEqualTo(1e-2);
    assertThat(complete.results()).isEqualTo(Run.Results.of(measured));
    assertThat(run.routing().test()).isEqualTo(RoutingTable.of(measured.test()));
    try (MixtureModel model = Weights.open(run, complete.model())) {
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
        .hasMessageMatching(
            "the loss became NaN in epoch 1, step \\d+ \\(cross_entropy\\); try a smaller .*");
  }

  @Test
  void shouldLeaveNothingBehindWhenTheInputIsWrong() {
    TrainConfig config =
        new TrainConfig(
            "tiny",
            null,
            "paper-cifar",
            null,
            3,
            GateKind.SOFTMAX,
            DENSE,
            training(DENSE, 1, 1e-3));

    assertThatThrownBy(() -> train(config))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("does not fit a row of shape");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void shouldRefuseARunFolderThatIsThereAlready() throws Exception {
    TrainConfig config = config(GateKind.SOFTMAX, training(DENSE, 1, 1e-3), DENSE);
    Files.createDirectories(folder.resolve("run"));
    Files.writeString(folder.resolve("run").resolve("mine"), "kept");

    assertThatThrownBy(() -> train(config)).isInstanceOf(BadInput.class);
    assertThat(folder.resolve("run").resolve("mine")).hasContent("kept");
  }

  @ParameterizedTest
  @CsvSource({"1", "0"})
  void shouldDistilIntoAPlainGateWithTheTeachersExperts(double match) throws Exception {
    RunFolder teacher = train(config(GateKind.ATTENTIVE, training(DENSE, 12, 1e-2), DENSE));
    DistillConfig config =
        Defaults.distill(teacher.path(), null)
            .training(Training.plain(12, 32, 1e-2, 3).distillation(new Distillation(match, 1)));

    RunFolder student =
        new Distiller(Clock.systemUTC(), new TrainingListener() {})
            .distill(config, DATA, folder.resolve("student"));

    Run run = student.completeRun();
    assertThat(run.teacher()).isEqualTo(teacher.run().id());
    assertThat(run.model().gate().sparse()).isTrue();
    assertThat(requireNonNull(run.training().distillation()).match()).isEqualTo(match);
    assertThat(results(student).test().servedError()).isLessThan(0.15);
    var before = teacher.weights(teacher.run().model().parameters());
    var after = student.weights(run.model().parameters());
    for (int e = 0; e < 3; e++) {
      for (var parameter : run.model().expertParameters(e)) {
        assertThat(after.tensors().get(parameter.name()))
            .isEqualTo(before.tensors().get(parameter.name()));
      }
    }
    assertThat(requireNonNull(student.checkpoint()).tensors().keySet())
        .filteredOn(name -> name.endsWith(".first"))
        .isNotEmpty()
        .allMatch(name -> name.startsWith("gate."));
  }

  @Test
  void shouldRefuseToDistilOnOtherData() throws Exception {
    RunFolder teacher = train(config(GateKind.ATTENTIVE, training(DENSE, 1, 1e-3), DENSE));
    DistillConfig config = Defaults.distill(teacher.path(), null);

    assertThatThrownBy(
            () ->
                new Distiller(Clock.systemUTC(), new TrainingListener() {})
                    .distill(config, TinyData.dataSet(18), folder.resolve("student")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("was trained on tiny with fingerprint");
    assertThat(folder.resolve("student")).doesNotExist();
  }

  @Test
  void shouldRefuseToDistilASingleModel() throws Exception {
    RunFolder teacher = train(config(GateKind.NONE, training(DENSE, 1, 1e-3), DENSE));

    assertThatThrownBy(
            () ->
                new Distiller(Clock.systemUTC(), new TrainingListener() {})
                    .distill(
                        Defaults.distill(teacher.path(), null), DATA, folder.resolve("student")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("has no gate to distil");
  }
}
