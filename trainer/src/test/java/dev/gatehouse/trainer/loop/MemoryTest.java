package dev.gatehouse.trainer.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.gatehouse.trainer.loop.MeasuredSteps.Taken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training steps give back all memory that they take. */
class MemoryTest {
  @TempDir private Path folder;

  @Test
  void shouldTakeNoMoreMemoryHoweverManyStepsItTook() throws Exception {
    assumeThat(Files.exists(Path.of("/proc/self/status")))
        .as("/proc/self/status is Linux's: the memory of training steps is not measured here")
        .isTrue();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms256m",
            "-Xmx256m",
            "-XX:+AlwaysPreTouch",
            "-XX:+UseSerialGC",
            "-Dai.djl.offline=true",
            "-Dai.djl.pytorch.num_threads=1",
            MeasuredSteps.class.getName(),
            folder.resolve("run").toString());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    // Large arrays go back to the system as soon as they are freed.
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", "65536");
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();

    List<Taken> taken = Taken.of(process.inputReader().lines().toList());

    assertThat(process.waitFor()).isZero();
    assertThat(taken).hasSize(MeasuredSteps.WINDOWS);
    assertThat(taken)
        .as("arrays of the model's manager")
        .extracting(Taken::arrays)
        .containsOnly(taken.get(0).arrays());
    assertThat(growth(taken, Taken::resident))
        .as("bytes that the process grew by in %d steps; %s", MeasuredSteps.WINDOW, taken)
        .isLessThan(MeasuredSteps.WINDOW * MeasuredSteps.BATCH_BYTES / 2.0);
    assertThat(growth(taken, Taken::heap))
        .as("bytes that the Java heap grew by in %d steps; %s", MeasuredSteps.WINDOW, taken)
        .isLessThan(MeasuredSteps.WINDOW * 4096.0);
  }

  /**
   * Growth of a window as the median over all pairs of windows (Theil and Sen's slope): a leak
   * shows in every pair, the machine's noise goes up as often as down.
   */
  private static double growth(List<Taken> taken, ToLongFunction<Taken> bytes) {
    double[] slopes =
        IntStream.range(0, taken.size())
            .boxed()
            .flatMapToDouble(
                i ->
                    IntStream.range(i + 1, taken.size())
                        .mapToDouble(
                            j ->
                                (double)
                                        (bytes.applyAsLong(taken.get(j))
                                            - bytes.applyAsLong(taken.get(i)))
                                    / (j - i)))
            .sorted()
            .toArray();
    return (slopes[(slopes.length - 1) / 2] + slopes[slopes.length / 2]) / 2;
  }
}
