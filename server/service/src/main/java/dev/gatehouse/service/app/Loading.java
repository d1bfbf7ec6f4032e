package dev.gatehouse.service.app;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Something that another thread opens meanwhile.
 *
 * @param <R> what it is
 */
final class Loading<R> implements AutoCloseable {
  private final CompletableFuture<R> result = new CompletableFuture<>();

  private final Consumer<? super R> close;

  /**
   * Begins to open.
   *
   * @param name of the thread that does
   * @param close closes what was opened
   */
  Loading(String name, Supplier<R> open, Consumer<? super R> close) {
    this.close = close;
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(open.get());
              } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits for its end, well or not, for {@code most} at the most; whether it came. */
  boolean endsWithin(Duration most) {
    try {
      result.get(most.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Waits for it.
   *
   * @throws RuntimeException what opening threw
   */
  R await() {
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Waits for it and closes it; nothing happens where it could not be opened. */
  @Override
  public void close() {
    R opened;
    try {
      opened = result.join();
    } catch (CompletionException e) {
      return;
    }
    close.accept(opened);
  }
}
