package dev.gatehouse.engine.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.engine.testing.Bundles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that come and go give their native memory back. */
class LoadCyclesTest {
  /** Compiled code and what ONNX Runtime keeps for itself grow for a while. */
  private static final int WARM_UP = 60;

  private static final int CYCLES = 50;
  private static final int WINDOW = 10;

  @ParameterizedTest(name = "with an arena: {0}")
  @ValueSource(booleans = {false, true})
  void shouldTakeNoMoreMemoryAfterFiftyModelsThatWereClosedUnderLoad(boolean arena)
      throws Exception {
    assumeTrue(
        Files.isReadable(Path.of("/proc/self/status")),
        "this system does not tell what is resident");

    List<Long> resident = residentAfterEachCycle(arena);

    assertThat(resident).hasSize(WARM_UP + CYCLES);
    double before = median(resident.subList(WARM_UP - WINDOW, WARM_UP));
    double after = median(resident.subList(WARM_UP + CYCLES - WINDOW, WARM_UP + CYCLES));
    assertThat(after / before).as("kilobytes behind each cycle: %s", resident).isLessThan(1.05);
  }

  private static List<Long> residentAfterEachCycle(boolean arena) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                // A heap of one size, all of it touched: what grows is native.
                "-Xms64m",
                "-Xmx64m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                // One compiler, so that its memory stops growing soon.
                "-XX:TieredStopAtLevel=1",
                LoadCycles.class.getName(),
                Bundles.of("tiny-top2").toAbsolutePath().toString(),
                Integer.toString(WARM_UP + CYCLES),
                Boolean.toString(arena))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    // As the launcher has it: memory that threads free is found again by other threads.
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    Process process = builder.start();
    try (var out = process.getInputStream()) {
      List<Long> lines =
          new String(out.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(Long::valueOf)
              .toList();
      assertThat(process.waitFor()).isZero();
      return lines;
    } finally {
      process.destroyForcibly();
    }
  }

  private static double median(List<Long> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }
}
