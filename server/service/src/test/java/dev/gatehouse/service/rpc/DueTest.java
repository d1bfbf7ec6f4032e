package dev.gatehouse.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.Status;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DueTest {
  @Test
  void shouldTakeACallerWhoGivesUpAtTheDeadlineForOneWhoseDeadlinePassed() {
    Due atOnce = new Due(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5), true);

    assertThat(atOnce.cancelled()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
  }

  @Test
  void shouldTakeACallerWhoGivesUpBeforeForGone() {
    Due later = new Due(System.nanoTime() + TimeUnit.MINUTES.toNanos(1), true);

    assertThat(later.cancelled()).isEqualTo(Status.Code.CANCELLED);
    assertThat(later.isPast()).isFalse();
    assertThat(Due.ofCurrentCall(System.nanoTime()).cancelled())
        .as("no deadline")
        .isEqualTo(Status.Code.CANCELLED);
  }

  @Test
  void shouldHaveTheDeadlineOfTheCallsContext() throws Exception {
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (Context.CancellableContext call =
        Context.current().withDeadlineAfter(-1, TimeUnit.SECONDS, timer)) {
      Due due = call.call(() -> Due.ofCurrentCall(System.nanoTime()));

      assertThat(due.isPast()).isTrue();
    } finally {
      timer.shutdownNow();
    }
  }
}
