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
      return Status.INVALID_ARGUMENT.withDescription(thrown.getMessage());
    }
    if (thrown instanceof UnknownModel) {
      return Status.NOT_FOUND.withDescription(thrown.getMessage());
    }
    if (thrown instanceof Draining) {
      return Status.UNAVAILABLE.withDescription(thrown.getMessage());
    }
    if (thrown instanceof Overloaded) {
      return Status.RESOURCE_EXHAUSTED.withDescription(thrown.getMessage());
    }
    if (thrown instanceof StatusRuntimeException known) {
      return known.getStatus();
    }
    LOG.error("a request failed", thrown);
    return Status.INTERNAL.withDescription("the server failed; its log says why");
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
