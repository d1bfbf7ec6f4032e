package dev.gatehouse.service.rpc;

import dev.gatehouse.engine.pipeline.Overloaded;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.service.repository.Draining;
import dev.gatehouse.service.repository.UnknownModel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a unary call: with what the work returned, or with the status of what it threw. The one
 * place where exceptions become statuses.
 */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  /** The caller's deadline passed while its request waited. */
  static final Status TOO_LATE =
      Status.DEADLINE_EXCEEDED.withDescription(
          "the deadline passed before the request was computed");

  /** The caller went away while its request waited. */
  static final Status GONE = Status.CANCELLED.withDescription("the caller cancelled");

  /** Each may take nine bytes of the header: three of UTF-8, each written as {@code %XX}. */
  private static final int MOST_CHARACTERS = 800;

  private Answers() {}

  /**
   * Does {@code work} and answers {@code observer}. A call whose deadline has passed or whose
   * caller has gone is dropped before the work begins.
   */
  static <A> void answer(StreamObserver<A> observer, Supplier<A> work) {
    A answer;
    try {
      requireWaiting();
      answer = work.get();
    } catch (RuntimeException | OutOfMemoryError e) {
      observer.onError(status(e).asRuntimeException());
      return;
    }
    observer.onNext(answer);
    observer.onCompleted();
  }

  /** The status that tells the caller what {@code thrown} means to it. */
  static Status status(Throwable thrown) {
    if (thrown instanceof BadInput) {
      return described(Status.INVALID_ARGUMENT, thrown);
    }
    if (thrown instanceof UnknownModel) {
      return described(Status.NOT_FOUND, thrown);
    }
    if (thrown instanceof Draining) {
      return described(Status.UNAVAILABLE, thrown);
    }
    if (thrown instanceof Overloaded) {
      return described(Status.RESOURCE_EXHAUSTED, thrown);
    }
    if (thrown instanceof StatusRuntimeException known) {
      return known.getStatus();
    }
    LOG.error("a request failed", thrown);
    return Status.INTERNAL.withDescription("the server failed; its log says why");
  }

  /** A status goes in a header, for which callers have 8 KiB, and what it says may be theirs. */
  private static Status described(Status status, Throwable thrown) {
    String message = String.valueOf(thrown.getMessage());
    return status.withDescription(
        message.length() <= MOST_CHARACTERS
            ? message
            : message.substring(0, MOST_CHARACTERS) + " …");
  }

  private static void requireWaiting() {
    Context context = Context.current();
    if (context.getDeadline() != null && context.getDeadline().isExpired()) {
      throw TOO_LATE.asRuntimeException();
    }
    if (context.isCancelled()) {
      throw GONE.asRuntimeException();
    }
  }
}
