package dev.gatehouse.trainer.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.array.Devices;
import dev.gatehouse.trainer.config.Resolution;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSets;
import dev.gatehouse.trainer.loop.Stopped;
import dev.gatehouse.trainer.loop.Trainer;
import dev.gatehouse.trainer.loop.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ExperimentTest {
  private static final String PUPIL =
      """
      rows:
        - {name: teacher, method: attentive}
        - {name: pupil, teacher: teacher, settings: {training.distillation.match: 0}}
      """;

  private static final String TWO =
      """
      rows:
        - {name: quick, method: original, settings: {training.epochs: 2}}
        - {name: slow, method: original}
        - {name: attentive, method: attentive}
      """;

  @TempDir private Path folder = Path.of("");

  @Test
  void aGridIsRunOnceAndEveryCellIsOnRecord() throws Exception {
    Path plan = TinyExperiment.write(folder, "1", 2, TinyExperiment.ROWS);
    Path out = folder.resolve("out");

    Recorded first = new Recorded();
    Experiment experiment = new Experiment(plan, out, null, 2, first);
    assertThat(experiment.run(experiment.plan().cells())).as("%s", first.failed).isTrue();
    assertThat(first.finished)
        .containsExactlyInAnyOrder(
            "single/seed-1",
            "original/importance=0.1/seed-1",
            "original/importance=0.5/seed-1",
            "distilled/importance=0.5/seed-1");

    Recorded second = new Recorded();
    Experiment again = new Experiment(plan, out, null, 2, second);
    assertThat(again.run(again.plan().cells())).isTrue();
    assertThat(second.done).isEqualTo(4);
    assertThat(second.finished).isEmpty();

    ResultTable table = again.table();
    assertThat(table.rows()).extracting(RowSummary::runs).containsExactly(1, 2, 1);
    assertThat(Files.readAllLines(out.resolve("cells.jsonl"))).hasSize(4);

    // A run folder keeps what can be read, and a model only where another row needs it.
    RunFolder single = run(out, again.plan().cells().get(0));
    assertThat(single.metrics()).hasSize(2);
    assertThat(single.weightsFile()).doesNotExist();
    assertThat(run(out, again.plan().cells().get(2)).weightsFile()).exists();
  }

  @Test
  void aRowsOwnSeedsAreOnRecordAndATeacherTrainedForOneOfThemAloneIsNot() throws Exception {
    Path out = folder.resolve("out");
    Path plan =
        TinyExperiment.write(folder, "1", 2, PUPIL.replace("pupil,", "pupil, seeds: [1, 2],"));
    Recorded told = new Recorded();
    Experiment experiment = new Experiment(plan, out, null, 2, told);
    assertThat(experiment.run(experiment.plan().cells())).as("%s", told.failed).isTrue();

    assertThat(told.finished)
        .containsExactlyInAnyOrder(
            "teacher/seed-1", "pupil/seed-1", "teacher/seed-2", "pupil/seed-2");
    assertThat(experiment.table().rows()).extracting(RowSummary::runs).containsExactly(1, 2);
    assertThat(Files.readAllLines(out.resolve("cells.jsonl"))).hasSize(3);
  }

  /** As on a GPU, or another kind of processor, whose bits are others. */
  @Test
  void aStudentIsNotTrainedOnATeacherThatEndsOtherwiseThanItsRecord() throws Exception {
    Path out = folder.resolve("out");
    Path plan = TinyExperiment.write(folder, "1", 2, PUPIL);
    Experiment first = new Experiment(plan, out, null, 2, new Recorded());
    Cell teacher = first.plan().cells().get(0);
    first.run(List.of(teacher));
    Path cells = out.resolve("cells.jsonl");
    String weights =
        Objects.requireNonNull(first.recorded(teacher).orElseThrow().figures()).weights();
    Files.writeString(
        cells, Files.readString(cells).replace(weights, "0".repeat(weights.length())));
    Files.delete(run(out, teacher).weightsFile());

    Recorded told = new Recorded();
    Experiment again = new Experiment(plan, out, null, 2, told);
    assertThat(again.run(again.plan().cells())).isFalse();

    assertThat(told.finished).isEmpty();
    assertThat(told.failed)
        .hasSize(2)
        .anyMatch(line -> line.matches("teacher/seed-1: .*its weights are others now.*"))
        .anyMatch(line -> line.startsWith("pupil/seed-1: "));

    Recorded third = new Recorded();
    Experiment onceMore = new Experiment(plan, out, null, 2, third);
    assertThat(onceMore.run(onceMore.plan().cells())).isFalse();
    assertThat(third.finished).as("the other teacher is complete by now").isEmpty();
    assertThat(third.failed).hasSize(2);
  }

  @Test
  void aTeacherThatNobodyAskedForIsNotCountedAmongTheCells() throws Exception {
    Path plan = TinyExperiment.write(folder, "1, 2", 2, PUPIL);
    Recorded told = new Recorded();
    Experiment experiment = new Experiment(plan, folder.resolve("out"), null, 2, told);
    List<Cell> pupils =
        experiment.plan().cells().stream().filter(cell -> cell.teacher() != null).toList();
    assertThat(experiment.run(pupils)).as("%s", told.failed).isTrue();

    assertThat(told.finished).hasSize(4);
    assertThat(told.left).hasSize(4).allMatch(cells -> cells <= 2).endsWith(0);
  }

  @Test
  void aFileThatIsEditedWhileItsCellsRunChangesNoneOfThem() throws Exception {
    Path out = folder.resolve("out");
    Path plan = TinyExperiment.write(folder, "1, 2", 2, "rows: [{name: s, method: original}]\n");
    Recorded told =
        new Recorded() {
          @Override
          public void finished(Cell cell, CellResult result) {
            super.finished(cell, result);
            try {
              TinyExperiment.write(folder, "1, 2", 3, "rows: [{name: s, method: original}]\n");
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          }
        };
    Experiment experiment = new Experiment(plan, out, null, 1, told);
    assertThat(experiment.run(experiment.plan().cells())).as("%s", told.failed).isTrue();

    assertThat(told.finished).containsExactly("s/seed-1", "s/seed-2");
    Cell second = experiment.plan().cells().get(1);
    assertThat(Objects.requireNonNull(experiment.recorded(second).orElseThrow().figures()).epochs())
        .isEqualTo(2);
    Experiment edited = new Experiment(plan, out, null, 1, new Recorded());
    assertThat(edited.table().rows()).extracting(RowSummary::runs).containsExactly(0);
  }

  @Test
  void aCellRunAnewGivesTheWeightsThatAreOnRecordItsTeacherBeforeIt() throws Exception {
    Path plan = TinyExperiment.write(folder, "1", 2, PUPIL);
    Experiment experiment = new Experiment(plan, folder.resolve("out"), null, 2, new Recorded());
    experiment.run(experiment.plan().cells());
    Cell student = experiment.plan().cells(experiment.plan().row("pupil"), 1).get(0);
    CellResult before = experiment.recorded(student).orElseThrow();

    CellResult now = experiment.again(student, folder.resolve("again"));

    assertThat(CellResult.same(before, now)).isTrue();
    assertThat(now).usingRecursiveComparison().ignoringFields("figures.seconds").isEqualTo(before);
    Cell other = experiment.plan().cells(experiment.plan().row("pupil"), 99).get(0);
    assertThat(experiment.recorded(other)).isEmpty();
    assertThat(CellResult.same(before, experiment.again(other, folder.resolve("other")))).isFalse();
  }

  @Test
  void aKilledExperimentLeavesNoTrainerBehindAndEndsAsOneThatWasNot() throws Exception {
    Path plan = TinyExperiment.write(folder, "1", 300, TWO);
    Path killed = folder.resolve("killed");
    Process process = child(plan, killed);
    Path record = killed.resolve("cells.jsonl");
    await("a first result", () -> Files.exists(record) || !process.isAlive());
    Cell slow = Plan.read(plan).cells().get(1);
    Path atWork = CellRun.folder(killed.resolve("work/runs"), slow);
    await("the slow cell", () -> RunFolder.isStarted(atWork) || !process.isAlive());
    List<ProcessHandle> trainers = process.children().toList();
    process.destroyForcibly().waitFor();
    await("the trainers' end", () -> trainers.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(RunFolder.open(atWork).run().status()).isEqualTo(Run.Status.RUNNING);
    int recorded = Files.readAllLines(record).size();
    assertThat(recorded).isBetween(1, 2);

    Recorded rest = new Recorded();
    Experiment goesOn = new Experiment(plan, killed, null, 2, rest);
    assertThat(goesOn.run(goesOn.plan().cells())).as("%s", rest.failed).isTrue();
    assertThat(rest.done).isEqualTo(recorded);

    Experiment whole = new Experiment(plan, folder.resolve("whole"), null, 2, new Recorded());
    whole.run(whole.plan().cells());
    for (Cell cell : whole.plan().cells()) {
      assertThat(
              CellResult.same(
                  goesOn.recorded(cell).orElseThrow(), whole.recorded(cell).orElseThrow()))
          .as(cell.id())
          .isTrue();
    }
  }

  @Test
  void aCellGoesOnOnTheKindOfDeviceThatItBeganOn() throws Exception {
    assumeThat(Devices.gpus()).isZero();
    Path plan = TinyExperiment.write(folder, "1", 3, "rows: [{name: s, method: original}]\n");
    Cell cell = Plan.read(plan).cells().get(0);
    Path runs = folder.resolve("runs");
    int[] steps = {0};
    CellRun stopped = new CellRun(runs, null, new TrainingListener() {}, () -> ++steps[0] >= 8);
    assertThatThrownBy(() -> stopped.of(cell)).isInstanceOf(Stopped.class);
    Path described = CellRun.folder(runs, cell).resolve("run.json");
    String device = "\"device\" : \"cpu\"";
    assertThat(Files.readString(described)).contains(device);
    Files.writeString(
        described, Files.readString(described).replace(device, "\"device\" : \"gpu\""));

    CellRun goesOn = new CellRun(runs, null, new TrainingListener() {}, () -> false);
    assertThatThrownBy(() -> goesOn.of(cell))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("device gpu: PyTorch finds no GPU here");
  }

  /** As when a preset changes: the file says the same, and trains otherwise. */
  @Test
  void aCellThatWasTrainedWithOtherNumbersIsRunAgainAndSoIsItsStudent() throws Exception {
    Path out = folder.resolve("out");
    Path plan = TinyExperiment.write(folder, "1", 2, PUPIL);
    Experiment first = new Experiment(plan, out, null, 2, new Recorded());
    first.run(first.plan().cells());
    String now = "\"weight_decay\":0.0";
    Path cells = out.resolve("cells.jsonl");
    String record = Files.readString(cells);
    assertThat(record).contains(now);
    Files.writeString(cells, record.replace(now, "\"weight_decay\":0.25"));
    Cell teacher = first.plan().cells().get(0);
    Path config = run(out, teacher).configuration();
    Files.writeString(
        config, Files.readString(config).replace("weight_decay: 0.0", "weight_decay: 0.25"));

    Recorded second = new Recorded();
    Experiment again = new Experiment(plan, out, null, 2, second);
    assertThat(again.table().rows()).extracting(RowSummary::runs).containsExactly(0, 0);
    assertThat(again.run(again.plan().cells())).as("%s", second.failed).isTrue();

    assertThat(second.outdated)
        .containsExactly(
            "teacher/seed-1: training.optimizer.weight_decay was 0.25, is now 0.0",
            "pupil/seed-1: training.optimizer.weight_decay was 0.25, is now 0.0");
    assertThat(second.finished).containsExactly("teacher/seed-1", "pupil/seed-1");
    assertThat(Files.readString(cells)).doesNotContain("\"weight_decay\":0.25");
  }

  /** The run folder has the absolute path of a run that the file names as it is written there. */
  @Test
  @Timeout(120)
  void aTeacherThatMeasuresDistancesOnAnotherRunIsTrainedOnce() throws Exception {
    Path out = folder.resolve("out");
    Path singles =
        TinyExperiment.write(
            folder, "1", 2, "rows: [{name: s, method: single, settings: {experts: 1}}]\n");
    TrainConfig single = Resolution.train(Plan.read(singles).cells().get(0).layer());
    RunFolder trained =
        new Trainer(Clock.systemUTC(), new TrainingListener() {})
            .train(single, DataSets.load(single.data()), folder.resolve("single"));
    Path here = Path.of("").toAbsolutePath().relativize(trained.path().toAbsolutePath());
    String distance =
        "settings: {training.regularizers.beta_same: 0.1, training.regularizers.distance: %s}"
            .formatted(here);
    Path plan =
        TinyExperiment.write(
            folder, "1", 2, PUPIL.replace("method: attentive", "method: attentive, " + distance));

    Recorded told = new Recorded();
    Experiment experiment = new Experiment(plan, out, null, 1, told);
    assertThat(experiment.run(experiment.plan().cells())).as("%s", told.failed).isTrue();

    assertThat(told.finished).containsExactly("teacher/seed-1", "pupil/seed-1");
  }

  @Test
  void aRecordOfBeforeConfigurationsWereKeptStands() throws Exception {
    Path out = folder.resolve("out");
    Path plan = TinyExperiment.write(folder, "1", 2, PUPIL);
    Experiment first = new Experiment(plan, out, null, 2, new Recorded());
    first.run(first.plan().cells());
    Path cells = out.resolve("cells.jsonl");
    Files.writeString(
        cells,
        Files.readString(cells).replaceAll("\"configuration\":.*?,\"failure\"", "\"failure\""));
    assertThat(Files.readString(cells)).doesNotContain("weight_decay");

    Recorded second = new Recorded();
    Experiment again = new Experiment(plan, out, null, 2, second);
    assertThat(again.run(again.plan().cells())).isTrue();

    assertThat(second.done).isEqualTo(2);
    assertThat(second.outdated).isEmpty();
  }

  @Test
  void aTeacherWhoseModelIsGoneIsTrainedAgainForANewStudent() throws Exception {
    Path out = folder.resolve("out");
    Path plan = TinyExperiment.write(folder, "1", 2, PUPIL);
    Experiment first = new Experiment(plan, out, null, 1, new Recorded());
    first.run(first.plan().cells());
    AtomicFiles.delete(out.resolve("work"));
    TinyExperiment.write(folder, "1", 2, PUPIL.replace("match: 0}", "match: 0.5}"));

    Recorded second = new Recorded();
    Experiment changed = new Experiment(plan, out, null, 1, second);
    assertThat(changed.run(changed.plan().cells())).as("%s", second.failed).isTrue();
    assertThat(second.finished).containsExactly("teacher/seed-1", "pupil/seed-1");
  }

  @Test
  void aChangedSettingIsAnotherRunOfTheTeacherAndOfItsStudent() throws Exception {
    Path out = folder.resolve("out");
    Path plan = TinyExperiment.write(folder, "1", 2, PUPIL);
    Experiment first = new Experiment(plan, out, null, 1, new Recorded());
    first.run(first.plan().cells());
    CellResult before = first.recorded(first.plan().cells().get(1)).orElseThrow();
    TinyExperiment.write(folder, "1", 3, PUPIL);

    Recorded second = new Recorded();
    Experiment changed = new Experiment(plan, out, null, 1, second);
    assertThat(changed.run(changed.plan().cells())).as("%s", second.failed).isTrue();

    assertThat(second.finished).containsExactly("teacher/seed-1", "pupil/seed-1");
    CellResult now = changed.recorded(changed.plan().cells().get(1)).orElseThrow();
    assertThat(CellResult.same(before, now)).isFalse();
    assertThat(run(out, changed.plan().cells().get(0)).metrics()).hasSize(3);
  }

  @Test
  void aRunThatIsNotOnRecordAndHasNoModelIsRunAnew() throws Exception {
    Path out = folder.resolve("out");
    Path plan = TinyExperiment.write(folder, "1", 2, "rows: [{name: one, method: original}]");
    Experiment first = new Experiment(plan, out, null, 1, new Recorded());
    first.run(first.plan().cells());
    Files.delete(out.resolve("cells.jsonl"));

    Recorded second = new Recorded();
    Experiment again = new Experiment(plan, out, null, 1, second);
    assertThat(again.run(again.plan().cells())).as("%s", second.failed).isTrue();
    assertThat(second.finished).containsExactly("one/seed-1");
  }

  @Test
  void aTrainingThatDivergesIsOnRecordAsThatAndItsStudentFails() throws Exception {
    String rows =
        """
        rows:
          - {name: wild, method: original, settings: {training.optimizer.learning_rate: 1e30}}
          - {name: pupil, teacher: wild}
        """;
    Path plan = TinyExperiment.write(folder, "1", 2, rows);
    Recorded told = new Recorded();
    Experiment experiment = new Experiment(plan, folder.resolve("out"), null, 1, told);

    assertThat(experiment.run(experiment.plan().cells())).isFalse();

    CellResult wild = experiment.recorded(experiment.plan().cells().get(0)).orElseThrow();
    assertThat(wild.figures()).isNull();
    assertThat(wild.failure()).contains("the loss became NaN in epoch 1");
    assertThat(told.failed).containsExactly("pupil/seed-1: its teacher has no model");
  }

  @Test
  @Timeout(60)
  void aTeacherThatDivergesForASeedOfItsStudentAloneIsStartedOnce() throws Exception {
    String rows =
        """
        rows:
          - {name: wild, method: original, settings: {training.optimizer.learning_rate: 1e30}}
          - {name: pupil, teacher: wild, seeds: [2]}
        """;
    Path plan = TinyExperiment.write(folder, "1", 2, rows);
    Recorded told = new Recorded();
    Experiment experiment = new Experiment(plan, folder.resolve("out"), null, 1, told);

    assertThat(experiment.run(experiment.plan().cells())).isFalse();

    assertThat(told.finished).containsExactly("wild/seed-1", "wild/seed-2");
    assertThat(told.failed).containsExactly("pupil/seed-2: its teacher has no model");
    assertThat(Files.readAllLines(folder.resolve("out/cells.jsonl"))).hasSize(1);
  }

  @Test
  void settingsThatNoTrainingHasAreNamedBeforeAnythingRuns() throws Exception {
    String rows = "rows: [{name: one, method: original, settings: {training.epoch: 3}}]";
    Path plan = TinyExperiment.write(folder, "1", 2, rows);
    assertThatThrownBy(() -> new Experiment(plan, folder, null, 1, new Recorded()))
        .isInstanceOf(BadInput.class)
        .hasMessage("unknown key training.epoch; did you mean epochs?");
  }

  private static RunFolder run(Path out, Cell cell) {
    return RunFolder.open(CellRun.folder(out.resolve("work/runs"), cell));
  }

  private static Process child(Path plan, Path out) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dai.djl.pytorch.num_threads=1",
            KilledExperiment.class.getName(),
            plan.toString(),
            out.toString());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.inheritIO().start();
  }

  private static void await(String what, BooleanSupplier reached) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(2));
    while (!reached.getAsBoolean()) {
      assertThat(Instant.now()).as("waiting for %s", what).isBefore(end);
      Thread.sleep(10);
    }
  }
}
