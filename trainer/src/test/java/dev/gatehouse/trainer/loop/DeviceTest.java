package dev.gatehouse.trainer.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import dev.gatehouse.proto.network.RoutingRule;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.proto.run.Training;
import dev.gatehouse.trainer.config.Defaults;
import dev.gatehouse.trainer.config.GateKind;
import dev.gatehouse.trainer.config.Networks;
import dev.gatehouse.trainer.config.TrainConfig;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.testing.TinyData;
import dev.gatehouse.trainer.testing.TinyModels;
import java.nio.file.Path;
import java.time.Clock;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The device that is asked for is the one that is used: a library without CUDA refuses a GPU, which
 * is all that can be seen of it on a machine without one.
 */
class DeviceTest {
  private static final DataSet DATA = TinyData.dataSet(17);
  private static final TrainingListener QUIET = new TrainingListener() {};

  @TempDir private Path folder;

  @BeforeEach
  void needNoGpu() {
    assumeThat(Engine.getInstance().getGpuCount())
        .as("a GPU is here: what is asked for cannot be told by a refusal")
        .isZero();
  }

  private static TrainConfig config() {
    return new TrainConfig(
        "tiny",
        null,
        "small",
        new Networks(TinyModels.network(2, 6), TinyModels.network(3, 5)),
        2,
        GateKind.ATTENTIVE,
        new RoutingRule.Dense(),
        Training.plain(1, 64, 1e-3, 1));
  }

  private RunFolder trained() throws Exception {
    return new Trainer(Clock.systemUTC(), QUIET, Stop.NEVER, Device.cpu())
        .train(config(), DATA, folder.resolve("run"));
  }

  private static void refused(ThrowingCallable work) {
    assertThatThrownBy(work).isInstanceOf(EngineException.class).hasMessageContaining("CUDA");
  }

  @Test
  void shouldTrainAndDistilOnTheDeviceThatIsAskedFor() throws Exception {
    RunFolder run = trained();
    assertThat(run.completeRun().results()).isNotNull();

    refused(
        () ->
            new Trainer(Clock.systemUTC(), QUIET, Stop.NEVER, Device.gpu(0))
                .train(config(), DATA, folder.resolve("gpu")));
    refused(
        () ->
            new Distiller(Clock.systemUTC(), QUIET, Stop.NEVER, Device.gpu(0))
                .distill(Defaults.distill(run.path(), null), DATA, folder.resolve("student")));
  }

  @Test
  void shouldMeasureOnTheDeviceThatIsAskedFor() throws Exception {
    RunFolder run = trained();

    refused(() -> Weights.open(run, run.completeRun().model(), Device.gpu(0)).close());
    refused(() -> Estimate.of(config(), DATA, Device.gpu(0)));
  }
}
