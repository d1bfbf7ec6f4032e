package dev.gatehouse.service.rpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The answer that a unary call waits for. It may be given on any thread; the first end of a call
 * counts, and is reported once.
 *
 * @param <A> the response
 */
final class Reply<A> {
  private final ServerCall<?, A> call;
  private final CallListener listener;
  private final String method;
  private final long start = System.nanoTime();
  private final Due due = Due.ofCurrentCall(start);
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean cancelled;

  /** Made on the thread, and in the context, in which the call begins. */
  Reply(ServerCall<?, A> call, String method, CallListener listener) {
    this.call = call;
    this.method = method;
    this.listener = listener;
  }

  /** By when the caller wants its answer, in the time of {@link System#nanoTime()}. */
  long deadline() {
    return due.nanos();
  }

  /** True while the answer is of use. */
  boolean isWaiting() {
    return !cancelled && !due.isPast();
  }

  /** Answers. */
  void send(A answer) {
    if (end(Status.Code.OK)) {
      call.sendHeaders(new Metadata());
      call.sendMessage(answer);
      call.close(Status.OK, new Metadata());
    }
  }

  /** Ends the call with the status that tells the caller what {@code reason} means to it. */
  void fail(Throwable reason) {
    close(Answers.status(reason));
  }

  /** Ends a call that waited too long, or whose caller has gone. */
  void drop() {
    close(cancelled ? Answers.GONE : Answers.TOO_LATE);
  }

  /** Ends the call with {@code status}. */
  void close(Status status) {
    if (end(status.getCode())) {
      call.close(status, new Metadata());
    }
  }

  /** The caller went away, or its deadline passed: nothing can be sent any more. */
  void cancelled() {
    cancelled = true;
    end(due.cancelled());
  }

  private boolean end(Status.Code code) {
    boolean first = ended.compareAndSet(false, true);
    if (first) {
      listener.finished(method, code.name(), System.nanoTime() - start);
    }
    return first;
  }
}
