package dev.gatehouse.service.rpc;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;

/**
 * By when a caller wants its answer.
 *
 * @param nanos in the time of {@link System#nanoTime()}
 */
record Due(long nanos) {
  /** Half of what a clock of 64 bits can say: no deadline. */
  private static final long FAR = Long.MAX_VALUE / 2;

  /** A caller that gives up at its deadline says so at nearly the same moment. */
  private static final long NEARLY = TimeUnit.MILLISECONDS.toNanos(10);

  /** Of the call in whose context this is asked. */
  static Due ofCurrentCall() {
    Deadline deadline = Context.current().getDeadline();
    long left =
        deadline == null ? FAR : Math.min(FAR, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    return new Due(System.nanoTime() + left);
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
    return System.nanoTime() + more - nanos >= 0;
  }
}
