package dev.gatehouse.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.engine.tensor.Rows;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop that loses count waits for ever. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosedLoopTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final float[] ANSWER = {1};

  private final ExecutorService server = Executors.newFixedThreadPool(2);

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  private static ClosedLoop callers(int callers, int inFlight) {
    return new ClosedLoop(callers, inFlight, random -> Rows.of(1, new float[] {0}));
  }

  @Test
  void shouldKeepAsManyRowsUnderWayAsWanted() {
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger answered = new AtomicInteger();

    Load load =
        callers(3, 7)
            .run(
                (row, ended) -> {
                  most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                  server.execute(
                      () -> {
                        answered.incrementAndGet();
                        underWay.decrementAndGet();
                        ended.answered(ANSWER);
                      });
                },
                SHORT,
                1);

    assertThat(most).hasValueLessThanOrEqualTo(7);
    assertThat(underWay).hasValue(0);
    assertThat(load.rowsPerSecond())
        .isPositive()
        .isLessThanOrEqualTo(answered.get() / (SHORT.toNanos() / 1e9));
    assertThat(load.cpuUs()).isPositive();
    assertThat(load.p50Ms()).isPositive().isLessThanOrEqualTo(load.p99Ms());
  }

  @Test
  void shouldHaveAllRowsUnderWayBeforeAnyIsAnswered() {
    AtomicInteger sent = new AtomicInteger();

    // Were one row fewer sent, nothing would ever be answered.
    Load load =
        callers(2, 5)
            .run(
                (row, ended) -> {
                  sent.incrementAndGet();
                  server.execute(
                      () -> {
                        while (sent.get() < 5 && !Thread.interrupted()) {
                          Thread.onSpinWait();
                        }
                        ended.answered(ANSWER);
                      });
                },
                SHORT,
                1);

    assertThat(load.rowsPerSecond()).isPositive();
  }

  @Test
  void shouldEndWhenARowFails() {
    assertThatThrownBy(
            () ->
                callers(2, 4)
                    .run(
                        (row, ended) -> ended.failed(new IllegalArgumentException("no")),
                        Duration.ofDays(1),
                        1))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("no");
  }
}
