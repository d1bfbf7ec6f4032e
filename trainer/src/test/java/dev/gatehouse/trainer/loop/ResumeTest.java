package dev.gatehouse.trainer.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Sha256;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Augment;
import dev.gatehouse.proto.run.Distillation;
import dev.gatehouse.proto.run.Regularizers;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.Defaults;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.Networks;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is stopped or killed and goes on ends with the bits of one that never was. */
class ResumeTest {
  private static final DataSet DATA = TinyData.dataSet(17);
  private static final TrainingListener QUIET = new TrainingListener() {};

  @TempDir private Path folder;

  /** Noise, augmentation, batch norm, schedules and two learning rates: all that has a state. */
  static TrainConfig config() {
    Schedule zero = Schedule.of(0);
    Training training =
        Training.plain(4, 64, 1e-2, 5)
            .rule(new RoutingRule.TopK(2))
            .augment(Augment.CIFAR)
            .optimizer(
                new Training.Optimizer(
                    Schedule.parse("cosine 1e-2..1e-3"), Schedule.parse("2e-2..1e-3"), 1e-4, 1))
            .regularizers(
                new Regularizers(
                    Schedule.parse("0.3|0.1"),
                    zero,
                    zero,
                    null,
                    false,
                    Schedule.of(0.01),
                    Schedule.of(0.001),
                    List.of()))
            .stopping(new Training.Stopping(0, Training.Stopping.Keep.BEST));
    return new TrainConfig(
        "tiny",
        null,
        "small",
        new Networks(TinyModels.network(2, 6), TinyModels.normalised(3, 5)),
        3,
        GateKind.NOISY,
        new RoutingRule.TopK(2),
        training);
  }

  private static Stop behind(int steps) {
    int[] taken = {0};
    return () -> ++taken[0] >= steps;
  }

  private static String weights(Path run) throws IOException {
    return Sha256.of(run.resolve("weights.safetensors"));
  }

  private Path whole() throws IOException {
    return new Trainer(Clock.systemUTC(), QUIET).train(config(), DATA, folder.resolve("w")).path();
  }

  @Test
  void shouldEndWithTheSameBitsHoweverOftenItWasStopped() throws Exception {
    long seed = System.nanoTime();
    System.out.println("ResumeTest stops by seed " + seed);
    Random random = new Random(seed);
    Path whole = whole();
    Path run = folder.resolve("stopped");

    assertThatThrownBy(
            () ->
                new Trainer(Clock.systemUTC(), QUIET, behind(1 + random.nextInt(12)))
                    .train(config(), DATA, run))
        .isInstanceOf(Stopped.class)
        .hasMessageMatching(
            "stopped in epoch \\d+ behind step \\d+; go on with: gatehouse train --resume .*stopped");
    int stops = 1;
    while (true) {
      try {
        new Trainer(Clock.systemUTC(), QUIET, behind(1 + random.nextInt(12)))
            .resume(RunFolder.open(run), DATA);
        break;
      } catch (Stopped e) {
        stops++;
      }
    }

    assertThat(stops).isGreaterThan(1);
    assertThat(weights(run)).isEqualTo(weights(whole));
    assertThat(RunFolder.open(run).metrics())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("seconds")
        .containsExactlyElementsOf(RunFolder.open(whole).metrics());
    assertThat(RunFolder.open(run).completeRun().results())
        .isEqualTo(RunFolder.open(whole).completeRun().results());
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "shift:1"})
  void shouldEndWithTheSameBitsWhenADistillationWasStoppedInEitherPhase(String augment)
      throws Exception {
    Path teacher = whole();
    DistillConfig config =
        Defaults.distill(teacher, null)
            .training(
                Training.plain(4, 64, 1e-2, 3)
                    .augment(Augment.parse(augment))
                    .distillation(new Distillation(0.5, 0.5)));
    Path student =
        new Distiller(Clock.systemUTC(), QUIET)
            .distill(config, DATA, folder.resolve("student"))
            .path();
    for (int steps : List.of(7, 27)) {
      Path run = folder.resolve("student-" + steps);
      assertThatThrownBy(
              () ->
                  new Distiller(Clock.systemUTC(), QUIET, behind(steps)).distill(config, DATA, run))
          .isInstanceOf(Stopped.class)
          .hasMessageEndingWith("; go on with: gatehouse distill --resume " + run);

      new Distiller(Clock.systemUTC(), QUIET).resume(RunFolder.open(run), teacher, DATA);

      assertThat(weights(run)).isEqualTo(weights(student));
    }
  }

  @Test
  void shouldEndWithTheSameBitsWhenTheProcessWasKilled() throws Exception {
    long seed = System.nanoTime();
    System.out.println("ResumeTest kills by seed " + seed);
    Random random = new Random(seed);
    Path whole = whole();
    Path run = folder.resolve("killed");

    int kills = 0;
    for (int epochs = 1; epochs <= 2; epochs++) {
      Process process = child(run);
      awaitCheckpoint(process, run, epochs);
      Thread.sleep(random.nextInt(60));
      kills += process.isAlive() ? 1 : 0;
      process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
    if (RunFolder.open(run).run().results() == null) {
      new Trainer(Clock.systemUTC(), QUIET).resume(RunFolder.open(run), DATA);
    }

    assertThat(kills).isPositive();
    assertThat(weights(run)).isEqualTo(weights(whole));
  }

  @Test
  void shouldRefuseToGoOnWithWhatIsComplete() throws Exception {
    RunFolder run = RunFolder.open(whole());

    assertThatThrownBy(() -> new Trainer(Clock.systemUTC(), QUIET).resume(run, DATA))
        .isInstanceOf(BadInput.class)
        .hasMessageEndingWith("this run is complete; there is nothing to go on with");
  }

  @Test
  void shouldRefuseACheckpointThatIsDamaged() throws Exception {
    Path run = folder.resolve("damaged");
    assertThatThrownBy(
            () -> new Trainer(Clock.systemUTC(), QUIET, behind(3)).train(config(), DATA, run))
        .isInstanceOf(Stopped.class);
    Path file = run.resolve("checkpoint.safetensors");
    Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 500));

    assertThatThrownBy(
            () -> new Trainer(Clock.systemUTC(), QUIET).resume(RunFolder.open(run), DATA))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("checkpoint.safetensors");
  }

  private static Process child(Path run) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
            "-Dai.djl.pytorch.num_threads=1",
            KilledRun.class.getName(),
            run.toString());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.inheritIO().start();
  }

  private static void awaitCheckpoint(Process process, Path run, int epochs) throws Exception {
    Path metrics = run.resolve("metrics.jsonl");
    for (int i = 0; i < 12_000 && process.isAlive(); i++) {
      if (Files.exists(metrics) && Files.readAllLines(metrics).size() >= epochs) {
        return;
      }
      Thread.sleep(10);
    }
  }
}
