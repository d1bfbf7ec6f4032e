package dev.gatehouse.trainer.loop;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.file.Sha256;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Distillation;
import dev.gatehouse.proto.run.EpochMetrics;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.Defaults;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patience ends a phase, not the training, and is counted anew in each. */
class PatienceTest {
  private static final DataSet DATA = TinyData.dataSet(17);
  private static final TrainingListener QUIET = new TrainingListener() {};
  private static final int BATCH = 60;
  private static final int STEPS = 10;

  @TempDir private Path folder;

  /** A gate that does not move, so that its phase is out of patience behind epoch 2. */
  private static DistillConfig config(Path teacher, double gateShare) {
    return Defaults.distill(teacher, null)
        .training(
            Training.plain(8, BATCH, 1e-2, 3)
                .optimizer(new Training.Optimizer(Schedule.of(1e-2), Schedule.of(1e-30), 0, 0))
                .stopping(new Training.Stopping(1, Training.Stopping.Keep.BEST))
                .distillation(new Distillation(1, gateShare)));
  }

  private Path teacher() throws IOException {
    TrainConfig config =
        TinyModels.config(
            GateKind.ATTENTIVE, 2, new RoutingRule.Dense(), Training.plain(1, BATCH, 3e-3, 3));
    return new Trainer(Clock.systemUTC(), QUIET)
        .train(config, DATA, folder.resolve("teacher"))
        .path();
  }

  private static Set<String> movedNetworks(RunFolder run) {
    return requireNonNull(run.checkpoint()).tensors().keySet().stream()
        .filter(name -> name.endsWith(".first"))
        .map(name -> name.substring(0, name.indexOf('.')))
        .collect(Collectors.toSet());
  }

  @Test
  void shouldLetTheExpertsTrainWhenTheGateAloneDoesNotGetBetter() throws Exception {
    RunFolder run =
        new Distiller(Clock.systemUTC(), QUIET)
            .distill(config(teacher(), 0.75), DATA, folder.resolve("student"));

    List<Double> errors = run.metrics().stream().map(EpochMetrics::validationError).toList();
    // Epochs 1 and 2 are the gate's; one epoch alone cannot exhaust the second phase.
    assertThat(errors).hasSizeBetween(4, 8);
    assertThat(errors.get(1)).isEqualTo(errors.get(0));
    assertThat(movedNetworks(run)).containsExactlyInAnyOrder("gate", "experts");
    assertThat(requireNonNull(run.completeRun().results()).validation().denseError())
        .isEqualTo(errors.stream().min(Double::compare).orElseThrow());
  }

  @Test
  void shouldEndWithTheGateWhereItHasAllEpochs() throws Exception {
    RunFolder run =
        new Distiller(Clock.systemUTC(), QUIET)
            .distill(config(teacher(), 1), DATA, folder.resolve("student"));

    assertThat(run.metrics()).hasSize(2);
    assertThat(movedNetworks(run)).containsExactly("gate");
  }

  @ParameterizedTest
  @ValueSource(ints = {2 * STEPS - 3, 2 * STEPS, 2 * STEPS + 1, 3 * STEPS, 3 * STEPS + 4})
  void shouldEndWithTheSameBitsWhereverItWasStopped(int steps) throws Exception {
    Path teacher = teacher();
    DistillConfig config = config(teacher, 0.75);
    RunFolder whole =
        new Distiller(Clock.systemUTC(), QUIET).distill(config, DATA, folder.resolve("whole"));
    Path stopped = folder.resolve("stopped");
    int[] taken = {0};
    assertThatThrownBy(
            () ->
                new Distiller(Clock.systemUTC(), QUIET, () -> ++taken[0] >= steps)
                    .distill(config, DATA, stopped))
        .isInstanceOf(Stopped.class);

    RunFolder run =
        new Distiller(Clock.systemUTC(), QUIET).resume(RunFolder.open(stopped), teacher, DATA);

    assertThat(Sha256.of(run.weightsFile())).isEqualTo(Sha256.of(whole.weightsFile()));
    assertThat(run.metrics()).hasSameSizeAs(whole.metrics());
  }

  /** Errors in percent; those before the bar are of the phase before. */
  @ParameterizedTest
  @CsvSource({
    "'| 9 8 7', 2, false",
    "'| 9 7 7', 2, false",
    "'| 9 7 7 7', 2, true",
    "'| 9 7 8 9', 2, true",
    "'| 9 7 8 9', 0, false",
    "'|', 1, false",
    "'5 6 7 |', 1, false",
    "'5 6 7 | 9', 1, false",
    "'5 6 7 | 9 8 7 6', 1, false",
    "'5 6 7 | 9 8 8', 1, true"
  })
  void shouldCountFromTheBeginningOfThePhase(String errors, int patience, boolean out) {
    Training training =
        Training.plain(9, BATCH, 1e-3, 1)
            .stopping(new Training.Stopping(patience, Training.Stopping.Keep.LAST));
    TrainingState state = TrainingState.START;
    for (String word : errors.split(" ", -1)) {
      if (word.equals("|")) {
        state = state.inPhase(1);
      } else {
        for (int step = 0; step < STEPS; step++) {
          state = state.stepped(TrainingState.Totals.ZERO);
        }
        state = state.ended(epoch(state.epoch(), Integer.parseInt(word) / 100.0));
      }
    }

    assertThat(new EpochWatch(training).outOfPatience(state, STEPS)).isEqualTo(out);
  }

  /** The mixture of all experts gets worse meanwhile, which is not what is served. */
  @Test
  void shouldKeepTheEpochThatServesBest() {
    TrainingState state = TrainingState.START.ended(epoch(1, 0.3)).ended(epoch(2, 0.2));
    assertThat(state.improved()).isTrue();
    assertThat(state.ended(epoch(3, 0.25)).improved()).isFalse();
  }

  private static EpochMetrics epoch(int epoch, double error) {
    List<Double> load = List.of(0.5, 0.5);
    return new EpochMetrics(
        epoch, 1, error, 1 - error, error, null, 0, 0, 0, 0, 0, 0, load, List.of(), List.of(), 1e-3,
        1);
  }
}
