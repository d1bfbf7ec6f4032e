package dev.gatehouse.trainer.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Sha256;
import dev.gatehouse.proto.network.Layer;
import dev.gatehouse.proto.network.Network;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Distillation;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.Defaults;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.Networks;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchesTest {
  /** 600 rows, so that batches of 599 leave one. */
  private static final DataSet DATA = TinyData.dataSet(17);

  private static final int LEAVES_ONE = 599;
  private static final Network PLAIN = TinyModels.network(2, 6);
  private static final Network IMAGES = TinyModels.normalised(2, 6);
  private static final Network FEATURES =
      new Network(
          List.of(
              new Layer.Flatten(),
              new Layer.Linear(8),
              new Layer.BatchNorm(),
              new Layer.Relu(),
              new Layer.Linear(6)),
          Network.Tap.AFTER_RELU);

  @TempDir private Path folder;

  /** Notes the steps of each epoch. */
  private static final class Steps implements TrainingListener {
    private final List<Integer> started = new ArrayList<>();
    private int taken;

    @Override
    public void started(int epochs, int stepsPerEpoch) {
      started.add(stepsPerEpoch);
    }

    @Override
    public void stepped(int epoch, int step, double loss) {
      taken++;
    }
  }

  private static Network network(String name) {
    return switch (name) {
      case "plain" -> PLAIN;
      case "images" -> IMAGES;
      default -> FEATURES;
    };
  }

  private static TrainConfig config(String expert, String gate, GateKind kind, int batch) {
    return new TrainConfig(
        "tiny",
        null,
        "small",
        new Networks(network(expert), network(gate)),
        2,
        kind,
        new RoutingRule.Dense(),
        Training.plain(2, batch, 1e-3, 3));
  }

  private RunFolder train(TrainConfig config, TrainingListener listener) throws IOException {
    return new Trainer(Clock.systemUTC(), listener).train(config, DATA, folder.resolve("run"));
  }

  @ParameterizedTest
  @CsvSource({
    "7, 3, false, 0-3 3-6 6-7",
    "7, 3, true, 0-3 3-7",
    "8, 3, true, 0-3 3-6 6-8",
    "6, 3, true, 0-3 3-6",
    "4, 3, true, 0-4",
    "3, 8, true, 0-3",
    "1, 8, true, 0-1",
    "3, 1, true, 0-1 1-2 2-3",
    "3, 2, true, 0-3"
  })
  void shouldCutAnEpochIntoSteps(int rows, int size, boolean atLeastTwo, String expected) {
    Batches batches = new Batches(rows, size, atLeastTwo);

    List<String> cut = new ArrayList<>();
    for (int i = 0; i < batches.count(); i++) {
      cut.add(batches.from(i) + "-" + batches.to(i));
    }

    assertThat(String.join(" ", cut)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "features, plain, SOFTMAX, 1",
    "plain, features, SOFTMAX, 1",
    "plain, features, ATTENTIVE, 1",
    "features, plain, SELF_INFORMATION, 1",
    "images, plain, SOFTMAX, 2",
    "plain, plain, SOFTMAX, 2",
    "plain, features, SELF_INFORMATION, 2"
  })
  void shouldNotLeaveASingleRowToANormalisationOverFeatures(
      String expert, String gate, GateKind kind, int stepsPerEpoch) throws Exception {
    Steps steps = new Steps();

    RunFolder run = train(config(expert, gate, kind, LEAVES_ONE), steps);

    assertThat(steps.started).containsExactly(stepsPerEpoch);
    assertThat(steps.taken).isEqualTo(2 * stepsPerEpoch);
    assertThat(run.metrics()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"features, plain", "plain, features"})
  void shouldRefuseBatchesOfOneRowBeforeAnythingIsWritten(String expert, String gate) {
    assertThatThrownBy(() -> train(config(expert, gate, GateKind.SOFTMAX, 1), new Steps()))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "batch normalisation over features takes two rows a batch or more; batch=1, training"
                + " rows=600");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void shouldLookAtWhatTrainsInEachPhaseOfADistillation() throws Exception {
    RunFolder teacher =
        train(config("features", "plain", GateKind.ATTENTIVE, 100), new TrainingListener() {});
    Steps steps = new Steps();
    DistillConfig config = distillation(teacher, LEAVES_ONE, 0.5);

    RunFolder student =
        new Distiller(Clock.systemUTC(), steps).distill(config, DATA, folder.resolve("student"));

    assertThat(steps.started).containsExactly(2, 1);
    assertThat(steps.taken).isEqualTo(3);
    assertThat(student.metrics()).hasSize(2);
    assertThatThrownBy(
            () ->
                new Distiller(Clock.systemUTC(), steps)
                    .distill(distillation(teacher, 1, 0.5), DATA, folder.resolve("none")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("takes two rows a batch or more; batch=1");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void shouldEndWithTheSameBitsWhenStoppedBetweenSuchBatches() throws Exception {
    TrainConfig config = config("features", "features", GateKind.SOFTMAX, LEAVES_ONE);
    RunFolder whole = train(config, new Steps());
    Path stopped = folder.resolve("stopped");
    int[] taken = {0};
    assertThatThrownBy(
            () ->
                new Trainer(Clock.systemUTC(), new Steps(), () -> ++taken[0] >= 1)
                    .train(config, DATA, stopped))
        .isInstanceOf(Stopped.class);

    RunFolder run =
        new Trainer(Clock.systemUTC(), new Steps()).resume(RunFolder.open(stopped), DATA);

    assertThat(Sha256.of(run.weightsFile())).isEqualTo(Sha256.of(whole.weightsFile()));
  }

  private static DistillConfig distillation(RunFolder teacher, int batch, double gateShare) {
    return Defaults.distill(teacher.path(), null)
        .training(Training.plain(2, batch, 1e-3, 3).distillation(new Distillation(0, gateShare)));
  }
}
