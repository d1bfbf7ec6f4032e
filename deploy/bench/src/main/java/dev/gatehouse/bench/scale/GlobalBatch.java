package dev.gatehouse.bench.scale;

import dev.gatehouse.engine.tensor.RowSource;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/**
 * One dynamic batch over all callers, as a server that knows nothing of experts makes it: rows wait
 * in one queue, and whichever thread is free takes all that wait, up to a limit, and answers them
 * together. It holds no row back to fill a batch.
 */
final class GlobalBatch implements Answering, AutoCloseable {
  private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Function<RowSource, float[]> answer;
  private final int most;

  private record Waiting(RowSource row, Ended ended) {}

  /** Single rows as one batch. */
  record Together(List<RowSource> rows) implements RowSource {
    @Override
    public int count() {
      return rows.size();
    }

    @Override
    public int rowLength() {
      return rows.get(0).rowLength();
    }

    @Override
    public void write(int from, int count, FloatBuffer target, int at) {
      for (int i = 0; i < count; i++) {
        rows.get(from + i).write(0, 1, target, at + i * rowLength());
      }
    }

    @Override
    public boolean isUint8() {
      return rows.stream().allMatch(RowSource::isUint8);
    }
  }

  /**
   * Starts threads.
   *
   * @param threads how many
   * @param most rows of a batch
   * @param answer answers a batch: {@code [rows, classes]}
   */
  GlobalBatch(int threads, int most, Function<RowSource, float[]> answer) {
    this.answer = answer;
    this.most = most;
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(this::loop, "global-batch-" + i);
      thread.setDaemon(true);
      this.threads.add(thread);
      thread.start();
    }
  }

  @Override
  public void submit(RowSource row, Ended ended) {
    queue.add(new Waiting(row, ended));
  }

  private void loop() {
    List<Waiting> taken = new ArrayList<>();
    try {
      while (true) {
        taken.add(queue.take());
        queue.drainTo(taken, most - 1);
        answer(taken);
        taken.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(List<Waiting> taken) {
    float[] all;
    try {
      all = answer.apply(new Together(taken.stream().map(Waiting::row).toList()));
    } catch (RuntimeException | Error e) {
      taken.forEach(one -> one.ended().failed(e));
      return;
    }
    int classes = all.length / taken.size();
    for (int i = 0; i < taken.size(); i++) {
      taken.get(i).ended().answered(Arrays.copyOfRange(all, i * classes, (i + 1) * classes));
    }
  }

  /** Stops the threads; no row may wait. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
