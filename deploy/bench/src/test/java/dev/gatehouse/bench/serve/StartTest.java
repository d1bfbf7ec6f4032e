package dev.gatehouse.bench.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.proto.oip.ModelInferRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time to a server's first answer. */
class StartTest {
  private static final ModelInferRequest REQUEST = ModelInferRequest.getDefaultInstance();

  @TempDir private Path folder;

  @Test
  void shouldStartAskAndEndAServerAgainAndAgain() throws Exception {
    Start noop = StartBench.noop(folder);
    long from = System.nanoTime();
    double first = noop.firstAnswerMs(REQUEST, folder);
    double second = noop.firstAnswerMs(REQUEST, folder);
    double all = (System.nanoTime() - from) / 1e6;

    assertThat(first).isPositive();
    assertThat(second).isPositive();
    assertThat(first + second).isLessThanOrEqualTo(all);
  }

  @Test
  void shouldSayWhyAServerDoesNotStart() throws Exception {
    ProcessBuilder command = new ProcessBuilder("sh", "-c", "echo no such folder >&2; exit 3");
    Start start = new Start("broken", command, Start.freePort());

    assertThatThrownBy(() -> start.firstAnswerMs(REQUEST, folder))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("broken ended: no such folder");
  }

  @Test
  void shouldGiveMediansAndTheMedianOfTheRatios() {
    StartResult result = StartResult.of(List.of(500.0, 440.0, 600.0), List.of(250.0, 200.0, 400.0));

    assertThat(result.firstAnswerMs()).isEqualTo(500);
    assertThat(result.leastMs()).isEqualTo(440);
    assertThat(result.mostMs()).isEqualTo(600);
    assertThat(result.noopMs()).isEqualTo(250);
    assertThat(result.ratioToNoop()).isCloseTo(2.0, within(1e-12));
  }
}
