package dev.gatehouse.trainer.data.download;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An answer's body, taken piece by piece by the thread that asked, which does not wait longer for
 * the next one than it wants to. (The JDK's own body streams wait for ever.)
 */
final class Pieces implements BodySubscriber<Pieces>, AutoCloseable {
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private volatile @Nullable Subscription subscription;
  private volatile boolean closed;

  private sealed interface Signal {}

  private record Piece(List<ByteBuffer> bytes) implements Signal {}

  private record Broken(Throwable cause) implements Signal {}

  private record End() implements Signal {}

  /**
   * The next bytes; null behind the last ones.
   *
   * @throws HttpTimeoutException when none come for as long as {@code silence}
   * @throws IOException when the connection breaks before the body's end
   */
  @Nullable List<ByteBuffer> next(Duration silence) throws IOException, InterruptedException {
    Signal signal = signals.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
    if (signal instanceof Piece piece) {
      Objects.requireNonNull(subscription, "it sent a piece").request(1);
      return piece.bytes();
    }
    if (signal instanceof Broken broken) {
      throw broken.cause() instanceof IOException io ? io : new IOException(broken.cause());
    }
    if (signal == null) {
      throw new HttpTimeoutException("nothing came for " + silence.toSeconds() + " s");
    }
    return null;
  }

  @Override
  public CompletionStage<Pieces> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription = given;
    if (closed) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    signals.add(new Piece(bytes));
  }

  @Override
  public void onError(Throwable cause) {
    signals.add(new Broken(cause));
  }

  @Override
  public void onComplete() {
    signals.add(new End());
  }

  /** Wants no more: the connection is given up unless the body is at its end. */
  @Override
  public void close() {
    closed = true;
    Subscription known = subscription;
    if (known != null) {
      known.cancel();
    }
  }
}
