package dev.gatehouse.trainer.loop;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.file.Sha256;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.Distillation;
import dev.gatehouse.proto.run.Distillation.GateStart;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.Defaults;
import dev.gatehouse.trainer.config.DistillConfig;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.model.Initialisation;
import dev.gatehouse.trainer.model.LiveUnits;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A student's gate starts with its teacher's trunk or afresh, and says where the first is dead. */
class GateStartTest {
  private static final DataSet DATA = TinyData.dataSet(17);
  private static final String HIDDEN = "gate.trunk.4";
  private static final int WIDTH = 128;

  private final List<String> warnings = new ArrayList<>();

  @TempDir private Path folder;

  private final TrainingListener listener =
      new TrainingListener() {
        @Override
        public void warned(String message) {
          warnings.add(message);
        }
      };

  private RunFolder teacher() throws IOException {
    TrainConfig config =
        TinyModels.config(
            GateKind.ATTENTIVE, 3, new RoutingRule.Dense(), Training.plain(8, 32, 1e-2, 3));
    return new Trainer(Clock.systemUTC(), listener).train(config, DATA, folder.resolve("teacher"));
  }

  /** As weight decay leaves one now and then: of its first hidden layer {@code live} units live. */
  private RunFolder dead(int live) throws IOException {
    RunFolder teacher = teacher();
    Map<String, float[]> weights = weights(teacher);
    float[] bias = requireNonNull(weights.get(HIDDEN + ".bias"));
    Arrays.fill(requireNonNull(weights.get(HIDDEN + ".weight")), 0);
    Arrays.fill(bias, -1);
    Arrays.fill(bias, 0, live, 1);
    Weights.write(teacher, teacher.run().model(), weights);
    return teacher;
  }

  private static Map<String, float[]> weights(RunFolder run) {
    return Weights.read(run, run.run().model());
  }

  private DistillConfig config(RunFolder teacher, Training training, GateStart start) {
    return Defaults.distill(teacher.path(), null)
        .training(training.distillation(new Distillation(1, 1).gateStart(start)));
  }

  private RunFolder distil(DistillConfig config, String name) throws IOException {
    return new Distiller(Clock.systemUTC(), listener).distill(config, DATA, folder.resolve(name));
  }

  /** I(E;Y) on the held-out rows, of the experts that the last epoch's gate prefers. */
  private static double information(RunFolder run) throws IOException {
    return run.metrics().get(run.metrics().size() - 1).mutualInformation();
  }

  /** A gate that does not move shows what it started from. */
  @ParameterizedTest
  @EnumSource(GateStart.class)
  void shouldStartTheTrunkAsItIsToldAndTheHeadAlwaysAfresh(GateStart start) throws Exception {
    RunFolder teacher = teacher();
    Training still =
        Training.plain(1, 600, 1e-2, 5)
            .optimizer(new Training.Optimizer(Schedule.of(1e-2), Schedule.of(1e-30), 0, 0));

    RunFolder student = distil(config(teacher, still, start), "student");

    Map<String, float[]> before = weights(teacher);
    Map<String, float[]> fresh =
        Initialisation.of(student.run().model().gateParameters(), still.seed());
    weights(student)
        .forEach(
            (name, value) ->
                assertThat(value)
                    .as(name)
                    .containsExactly(
                        name.startsWith("gate.head") || (start == GateStart.FRESH && isGates(name))
                            ? fresh.get(name)
                            : before.get(name)));
    assertThat(warnings).noneMatch(warning -> warning.contains("teacher"));
  }

  private static boolean isGates(String name) {
    return name.startsWith("gate.");
  }

  @Test
  void shouldWarnOfADeadTrunkAndLearnWhereTheGateStartsAfresh() throws Exception {
    RunFolder teacher = dead(0);
    Training training = Training.plain(6, 32, 1e-2, 3);

    RunFolder fresh = distil(config(teacher, training, GateStart.FRESH), "fresh");
    assertThat(warnings).noneMatch(warning -> warning.contains("teacher"));
    RunFolder taken = distil(config(teacher, training, GateStart.TEACHER), "taken");

    assertThat(warnings)
        .contains(
            "the teacher's gate tells rows apart no more: of the 128 units of gate.trunk.4 0 say"
                + " anything of 600 training rows, and a gate that starts with them hardly learns;"
                + " try --gate-start fresh (training.distillation.gate_start)");
    assertThat(information(taken)).isZero();
    assertThat(information(fresh)).isGreaterThan(0.1);
  }

  @ParameterizedTest
  @CsvSource({"7, true", "8, false"})
  void shouldWarnWhereLessThanASixteenthLives(int live, boolean warned) throws Exception {
    distil(config(dead(live), Training.plain(1, 600, 1e-3, 3), GateStart.TEACHER), "student");

    assertThat(warnings.stream().anyMatch(w -> w.contains("of the " + WIDTH + " units")))
        .isEqualTo(warned);
  }

  @Test
  void shouldNameTheLayerThatIsDeadMost() {
    assertThat(
            TrunkWatch.warning(
                Stream.of(3, 1, 2, 64).map(n -> new LiveUnits("layer-" + n, n, 64)).toList(), 9))
        .hasValueSatisfying(w -> assertThat(w).contains("of the 64 units of layer-1 1 say"));
  }

  @ParameterizedTest
  @EnumSource(GateStart.class)
  void shouldGoOnWithTheSameStartToTheSameBits(GateStart start) throws Exception {
    RunFolder teacher = teacher();
    DistillConfig config = config(teacher, Training.plain(2, 60, 1e-2, 3), start);
    RunFolder whole = distil(config, "whole");
    Path stopped = folder.resolve("stopped");
    assertThatThrownBy(
            () ->
                new Distiller(Clock.systemUTC(), listener, () -> true)
                    .distill(config, DATA, stopped))
        .isInstanceOf(Stopped.class);

    RunFolder run =
        new Distiller(Clock.systemUTC(), listener)
            .resume(RunFolder.open(stopped), teacher.path(), DATA);

    assertThat(requireNonNull(run.run().training().distillation()).gateStart()).isEqualTo(start);
    assertThat(Sha256.of(run.weightsFile())).isEqualTo(Sha256.of(whole.weightsFile()));
  }
}
