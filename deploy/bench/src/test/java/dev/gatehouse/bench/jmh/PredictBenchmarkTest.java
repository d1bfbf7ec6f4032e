package dev.gatehouse.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the benchmark: once and in this process, to see that it does, or as the property {@code jmh}
 * says in JMH's own words.
 */
class PredictBenchmarkTest {
  private static final String WORDS = "jmh";

  private static Options once() {
    return new OptionsBuilder()
        .include(PredictBenchmark.class.getName())
        .param("experts", "2")
        .param("batch", "3")
        .forks(0)
        .warmupIterations(0)
        .measurementIterations(1)
        .measurementTime(TimeValue.milliseconds(10))
        .verbosity(VerboseMode.SILENT)
        .build();
  }

  @Test
  void shouldMeasureEngineFloorAndPortableGraph() throws Exception {
    String words = System.getProperty(WORDS);
    Options options =
        words == null ? once() : new CommandLineOptions(words.strip().split("\\s+", -1));

    Collection<RunResult> results = new Runner(options).run();

    assertThat(results).isNotEmpty();
    assertThat(results.stream().map(result -> result.getPrimaryResult().getScore()).toList())
        .allMatch(score -> score > 0);
    if (words == null) {
      assertThat(results.stream().map(result -> result.getPrimaryResult().getLabel()).distinct())
          .containsExactlyInAnyOrderElementsOf(List.of("engine", "floor", "portable"));
    }
  }
}
