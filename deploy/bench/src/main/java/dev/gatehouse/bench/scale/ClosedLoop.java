package dev.gatehouse.bench.scale;

import com.sun.management.OperatingSystemMXBean;
import dev.gatehouse.engine.tensor.RowSource;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Callers that keep so many rows under way: each sends its next row as soon as one is answered.
 *
 * @param callers threads that send
 * @param inFlight rows under way, of all callers together
 * @param rows draws a row
 */
record ClosedLoop(int callers, int inFlight, Function<SplittableRandom, RowSource> rows) {

  /**
   * Sends rows for {@code length}, after a quarter of it that is not counted, and on until each
   * caller has as many answers as rows under way.
   */
  Load run(Answering server, Duration length, long seed) {
    long cpu = cpuNanos();
    long start = System.nanoTime() + length.toNanos() / 4;
    long end = start + length.toNanos();
    List<Caller> all = new ArrayList<>();
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int i = 0; i < callers; i++) {
      int own = inFlight / callers + (i < inFlight % callers ? 1 : 0);
      if (own > 0) {
        all.add(new Caller(server, own, start, end, seeds.split()));
      }
    }
    long[] nanos = all.stream().flatMapToLong(Caller::times).sorted().toArray();
    long last = all.stream().mapToLong(caller -> caller.last - start).max().orElseThrow();
    double cpuTime = cpuNanos() - cpu;
    return new Load(
        nanos.length / (Math.max(last, length.toNanos()) / 1e9),
        nanos[nanos.length / 2] / 1e6,
        nanos[(int) (0.99 * nanos.length)] / 1e6,
        cpuTime / 1e3 / all.stream().mapToLong(caller -> caller.sent).sum());
  }

  /** Processor time of this process so far. */
  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** One row under way; a caller uses it again and again. */
  private static final class Slot implements Answering.Ended {
    private final BlockingQueue<Slot> ended;
    private long sent;
    private volatile long answered;
    private volatile @Nullable Throwable failure;

    Slot(BlockingQueue<Slot> ended) {
      this.ended = ended;
    }

    @Override
    public void answered(float[] probabilities) {
      answered = System.nanoTime();
      ended.add(this);
    }

    @Override
    public void failed(Throwable reason) {
      failure = reason;
      ended.add(this);
    }
  }

  /** A thread that sends and waits for answers. */
  private final class Caller {
    private final Answering server;
    private final int slots;
    private final long start;
    private final long end;
    private final SplittableRandom random;
    private final Thread thread = new Thread(this::call, "caller");
    private long[] nanos = new long[1 << 12];
    private int count;
    private long last;
    private long sent;
    private @Nullable Throwable failure;

    Caller(Answering server, int slots, long start, long end, SplittableRandom random) {
      this.server = server;
      this.slots = slots;
      this.start = start;
      this.end = end;
      this.random = random;
      thread.setDaemon(true);
      thread.start();
    }

    private void call() {
      BlockingQueue<Slot> ended = new LinkedBlockingQueue<>();
      for (int i = 0; i < slots; i++) {
        send(new Slot(ended));
      }
      try {
        for (int underWay = slots; underWay > 0; underWay--) {
          Slot slot = ended.take();
          failure = failure == null ? slot.failure : failure;
          boolean wanted = slot.answered - end < 0 || count < slots;
          if (wanted && slot.answered - start >= 0) {
            add(slot.answered - slot.sent);
            last = slot.answered;
          }
          if (wanted && failure == null) {
            send(slot);
            underWay++;
          }
        }
      } catch (InterruptedException e) {
        failure = e;
      }
    }

    private void send(Slot slot) {
      RowSource row = rows.apply(random);
      sent++;
      slot.sent = System.nanoTime();
      server.submit(row, slot);
    }

    private void add(long time) {
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * count);
      }
      nanos[count++] = time;
    }

    /** Waits for its last row; nanoseconds of the rows that were answered in time. */
    LongStream times() {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
      if (failure != null) {
        throw new IllegalStateException("a row was not answered", failure);
      }
      return Arrays.stream(nanos, 0, count);
    }
  }
}
