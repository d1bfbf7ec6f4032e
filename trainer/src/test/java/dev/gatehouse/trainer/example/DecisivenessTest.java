package dev.gatehouse.trainer.example;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.OwnRegularizer;
import dev.gatehouse.proto.run.Regularizers;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Schedule;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.ConfigFile;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.Resolution;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.DataSets;
import dev.gatehouse.trainer.loop.Estimate;
import dev.gatehouse.trainer.loop.Stopped;
import dev.gatehouse.trainer.loop.Trainer;
import dev.gatehouse.trainer.loop.TrainingListener;
import dev.gatehouse.trainer.loss.Regulariser;
import dev.gatehouse.trainer.loss.Routed;
import dev.gatehouse.trainer.testing.FiniteDifferences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A term of the loss of a user's own: one file, and its name in the configuration. */
class DecisivenessTest {
  private static final TrainingListener QUIET = new TrainingListener() {};
  private static final int ROWS = 4;
  private static final int EXPERTS = 3;
  private static final Shape SHAPE = new Shape(ROWS, EXPERTS);

  @TempDir private Path folder;
  private TrainConfig config;
  private DataSet data;

  @BeforeEach
  void writeData() throws IOException {
    config =
        new TrainConfig(
            Sectors.write(folder.resolve("sectors.csv")).toString(),
            null,
            "mlp",
            null,
            3,
            GateKind.SOFTMAX,
            new RoutingRule.TopK(1),
            Training.plain(6, 32, 2e-2, 3));
    data = DataSets.load(config.data());
  }

  private static TrainConfig with(TrainConfig config, Regulariser term, Schedule weight) {
    Regularizers own = Regularizers.NONE.own(List.of(OwnRegularizer.of(term, weight)));
    return config.training(config.training().regularizers(own));
  }

  private RunFolder train(TrainConfig what, String name) throws IOException {
    return new Trainer(Clock.systemUTC(), QUIET).train(what, data, folder.resolve(name));
  }

  private static double meanGateEntropy(RunFolder run) {
    Run.Results results = requireNonNull(run.completeRun().results());
    return results.test().sampleEntropy();
  }

  private static Routed routed(NDArray logits) {
    return new Routed(logits, logits, logits.softmax(1), () -> logits);
  }

  @Test
  void shouldHaveTheValueAndGradientOfItsFormula() {
    double[] logits = new Random(7).doubles(ROWS * EXPERTS, -2, 1).toArray();
    double sure = 0;
    double[] mean = new double[EXPERTS];
    for (int row = 0; row < ROWS; row++) {
      double sum = 0;
      for (int e = 0; e < EXPERTS; e++) {
        sum += Math.exp(logits[row * EXPERTS + e]);
      }
      for (int e = 0; e < EXPERTS; e++) {
        double p = Math.exp(logits[row * EXPERTS + e]) / sum;
        sure -= p * Math.log(p) / ROWS;
        mean[e] += p / ROWS;
      }
    }
    double used = 0;
    for (double p : mean) {
      used -= p * Math.log(p);
    }

    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray term = new Decisiveness(0.5).of(routed(manager.create(logits, SHAPE)));

      assertThat(term.toDoubleArray()[0]).isCloseTo(sure - 0.5 * used, Offset.offset(1e-9));
    }
    FiniteDifferences.assertGradient(
        logits, SHAPE, array -> new Decisiveness(0.5).of(routed(array)));
  }

  @Test
  void shouldMakeTheGateSurerTheMoreItWeighs() throws Exception {
    RunFolder without = train(config, "without");
    RunFolder none = train(with(config, new Decisiveness(1), Schedule.of(0)), "none");
    RunFolder much = train(with(config, new Decisiveness(1), Schedule.parse("0..0.5")), "much");

    assertThat(none.path().resolve("weights.safetensors"))
        .hasSameBinaryContentAs(without.path().resolve("weights.safetensors"));
    assertThat(meanGateEntropy(much)).isLessThan(0.5 * meanGateEntropy(without));
  }

  @Test
  void shouldEndWithTheSameBitsWhenItWasStopped() throws Exception {
    TrainConfig decisive = with(config, new Decisiveness(0.9), Schedule.of(0.2));
    Path whole = train(decisive, "whole").path();
    Path run = folder.resolve("stopped");
    int[] steps = {0};
    assertThatThrownBy(
            () ->
                new Trainer(Clock.systemUTC(), QUIET, () -> ++steps[0] == 77)
                    .train(decisive, data, run))
        .isInstanceOf(Stopped.class);

    new Trainer(Clock.systemUTC(), QUIET).resume(RunFolder.open(run), data);

    assertThat(run.resolve("weights.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("weights.safetensors"));
  }

  @Test
  void shouldBeTakenFromAFileThatNamesIt() throws Exception {
    Path file = folder.resolve("own.yaml");
    Files.writeString(
        file,
        """
        dataset: %s
        gate: softmax
        training:
          epochs: 1
          regularizers:
            own:
              - {type: %s, settings: {balance: 0.9}, weight: 0.4|0.2}
        """
            .formatted(config.dataset(), Decisiveness.class.getName()));

    TrainConfig named = Resolution.train(ConfigFile.read(file));
    RunFolder run = train(named, "run");

    assertThat(named.training().regularizers().own())
        .containsExactly(OwnRegularizer.of(new Decisiveness(0.9), Schedule.parse("0.4|0.2")));
    assertThat(run.completeRun().training()).isEqualTo(named.training());
    assertThat(Resolution.train(ConfigFile.read(run.configuration()))).isEqualTo(named);
    assertThat(Estimate.of(named, data).lines())
        .contains("your own       " + Decisiveness.class.getName());
  }

  /** Not one number. */
  record NoScalar() implements Regulariser {
    @Override
    public NDArray of(Routed routed) {
      return routed.logits();
    }
  }

  /** No number. */
  record Endless() implements Regulariser {
    @Override
    public NDArray of(Routed routed) {
      return routed.logits().sum().div(0f);
    }
  }

  @Test
  void shouldSayInOneLineWhatIsWrongWithATerm() {
    assertThatThrownBy(() -> train(with(config, new NoScalar(), Schedule.of(1)), "shape"))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            NoScalar.class.getName() + ": a term of the loss is one number a batch; shape=(32, 3)");
    assertThatThrownBy(() -> train(with(config, new Endless(), Schedule.of(1)), "endless"))
        .hasMessageContaining("in epoch 1, step 1 (" + Endless.class.getName() + ")");
    assertThatThrownBy(() -> with(config, new Endless(), Schedule.of(-1)))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("weight of " + Endless.class.getName() + " must be 0 or more");
  }

  @Test
  void shouldLeaveNothingBehindWhereTheClassIsNotThere() {
    Regularizers own =
        Regularizers.NONE.own(List.of(new OwnRegularizer("me.Missing", Map.of(), Schedule.of(1))));
    TrainConfig missing = config.training(config.training().regularizers(own));

    assertThatThrownBy(() -> train(missing, "run"))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("me.Missing: no such class on the class path; ");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void shouldStandInTheDocumentsAsItIs() throws Exception {
    Path root = Path.of(System.getProperty("gatehouse.root"));
    String file = "trainer/src/test/java/dev/gatehouse/trainer/example/Decisiveness.java";

    assertThat(Files.readString(root.resolve("docs/training.md")))
        .contains("`" + file + "`", "```java\n" + Files.readString(root.resolve(file)) + "```\n");
  }
}
