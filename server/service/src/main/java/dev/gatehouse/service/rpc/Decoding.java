package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.pipeline.Overloaded;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that decode images, which would hold up an event loop, and the images that wait for one.
 * Thread-safe.
 */
final class Decoding implements AutoCloseable {
  private final ExecutorService threads;
  private final int most;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * Starts threads.
   *
   * @param threads how many, 1 or more
   * @param most images that wait at most, but for those of a single larger request
   */
  Decoding(int threads, int most) {
    this.threads = Executors.newFixedThreadPool(threads);
    this.most = most;
  }

  /**
   * Has images decoded by one of the threads.
   *
   * @param images how many
   * @param work decodes them
   * @throws Overloaded when too many wait
   */
  void submit(int images, Runnable work) {
    int before = waiting.getAndAdd(images);
    if (before > 0 && (long) before + images > most) {
      waiting.getAndAdd(-images);
      throw new Overloaded(before + " images wait to be decoded already; try again later");
    }
    threads.execute(
        () -> {
          waiting.getAndAdd(-images);
          work.run();
        });
  }

  /** Decodes what waits, without waiting for it, and takes no more. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
