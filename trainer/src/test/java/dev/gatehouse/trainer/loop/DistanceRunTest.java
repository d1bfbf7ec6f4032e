package dev.gatehouse.trainer.loop;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Sha256;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Distillation;
import dev.gatehouse.proto.run.Regularizers;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.ConfigFile;
import dev.gatehouse.trainer.config.Defaults;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.Resolution;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** L_s between the features of a single model: found, checked, and looked at in every phase. */
class DistanceRunTest {
  private static final DataSet DATA = TinyData.dataSet(17);
  private static final TrainingListener QUIET = new TrainingListener() {};
  private static final RoutingRule DENSE = new RoutingRule.Dense();

  @TempDir private Path folder;

  private RunFolder train(String name, GateKind gate, @Nullable String distance)
      throws IOException {
    int experts = gate == GateKind.NONE ? 1 : 2;
    return new Trainer(Clock.systemUTC(), QUIET)
        .train(
            TinyModels.config(gate, experts, DENSE, similar(distance)), DATA, folder.resolve(name));
  }

  private RunFolder distil(String name, RunFolder teacher, double share, @Nullable String distance)
      throws IOException {
    DistillConfig config =
        Defaults.distill(teacher.path(), null)
            .training(similar(distance).distillation(new Distillation(0, share)));
    return new Distiller(Clock.systemUTC(), QUIET).distill(config, DATA, folder.resolve(name));
  }

  private static Training similar(@Nullable String distance) {
    Schedule zero = Schedule.of(0);
    return Training.plain(1, 64, 1e-2, 3)
        .regularizers(
            new Regularizers(zero, Schedule.of(5), zero, distance, false, zero, zero, List.of()));
  }

  private static String weights(RunFolder run) throws IOException {
    return Sha256.of(run.weightsFile());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void shouldMeasureByTheFeaturesInBothPhasesOfADistillation(double gateShare) throws Exception {
    RunFolder single = train("single", GateKind.NONE, null);
    RunFolder teacher = train("teacher", GateKind.ATTENTIVE, null);

    RunFolder byPixels = distil("pixels", teacher, gateShare, null);
    RunFolder byFeatures = distil("features", teacher, gateShare, single.path().toString());

    assertThat(weights(byFeatures)).isNotEqualTo(weights(byPixels));
  }

  @Test
  void shouldRememberTheRunSoThatItIsFoundFromAnyFolder() throws Exception {
    RunFolder single = train("single", GateKind.NONE, null);
    String absolute = single.path().toAbsolutePath().normalize().toString();
    String relative = Path.of("").toAbsolutePath().relativize(Path.of(absolute)).toString();
    assertThat(Path.of(relative)).isRelative();

    RunFolder teacher = train("teacher", GateKind.ATTENTIVE, relative);
    RunFolder student = distil("student", teacher, 1, relative);

    assertThat(Resolution.train(ConfigFile.read(teacher.configuration())).training())
        .isEqualTo(teacher.run().training());
    assertThat(Resolution.distill(ConfigFile.read(student.configuration())).training())
        .isEqualTo(student.run().training());
    for (RunFolder run : List.of(teacher, student)) {
      assertThat(requireNonNull(run.run().training().regularizers().distance()))
          .isEqualTo(absolute);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"two experts", "no weights", "other rows", "nowhere"})
  void shouldRefuseARunThatCannotBeMeasuredByBeforeAnythingIsWritten(String wrong)
      throws Exception {
    RunFolder teacher = train("teacher", GateKind.ATTENTIVE, null);
    RunFolder single = train("single", GateKind.NONE, null);
    String distance = single.path().toString();
    String reason = "features for L_s come from a single model (experts=1) of the same rows";
    switch (wrong) {
      case "two experts" -> distance = teacher.path().toString();
      case "no weights" -> {
        Files.delete(single.weightsFile());
        reason = "weights.safetensors";
      }
      case "other rows" -> {
        Path run = single.path().resolve("run.json");
        Files.writeString(run, Files.readString(run).replace("\"image\"", "\"picture\""));
      }
      default -> {
        distance = folder.resolve("nowhere").toString();
        reason = "no such run folder";
      }
    }
    String named = distance;

    assertThatThrownBy(() -> train("out", GateKind.SOFTMAX, named))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(reason);
    assertThatThrownBy(() -> distil("out", teacher, 0.5, named))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(reason);
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
