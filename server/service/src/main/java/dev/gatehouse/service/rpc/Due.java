package dev.gatehouse.service.rpc;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;

/**
 * By when a caller wants its answer.
 *
 * @param nanos in the time of {@link System#nanoTime()}; a far future for never
 * @param ever false where the caller waits as long as it takes
 */
record Due(long nanos, boolean ever) {
  /** Half of what a clock of 64 bits can say: no deadline. */
  private static final long FAR = Long.MAX_VALUE / 2;

  /** A caller that gives up at its deadline says so at nearly the same moment. */
  private static final long NEARLY = TimeUnit.MILLISECONDS.toNanos(10);

  /**
   * Of the call in whose context this is asked.
   *
   * @param now the time of {@link System#nanoTime()}
   */
  static Due ofCurrentCall(long now) {
    Deadline deadline = Context.current().getDeadline();
    return deadline == null
        ? new Due(now + FAR, false)
        : new Due(now + Math.min(FAR, deadline.timeRemaining(TimeUnit.NANOSECONDS)), true);
  }

  /** True from then on. */
  boolean isPast() {
    return isWithin(0);
  }

  /** How a call ended that is cancelled now: gRPC cancels those whose deadline passes too. */
  Status.Code cancelled() {
    return isWithin(NEARLY) ? Status.Code.DEADLINE_EXCEEDED : Status.Code.CANCELLED;
  }

  private boolean isWithin(long more) {
    return ever && System.nanoTime() + more - nanos >= 0;
  }
}
