package dev.gatehouse.bench.measure;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a call leaves to the garbage collector. */
public final class Allocation {
  private static final int CALLS = 64;

  private Allocation() {}

  /** Bytes of heap that a call of {@code side} takes on this thread, once it is warm. */
  public static double bytesPerCall(Turns.Side side) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    side.run(0);
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int call = 0; call < CALLS; call++) {
      side.run(call);
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / (double) CALLS;
  }
}
