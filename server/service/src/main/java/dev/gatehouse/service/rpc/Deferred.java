package dev.gatehouse.service.rpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A unary method whose answer may come later and from another thread. It stands right on gRPC's
 * calls: the observers of the stubs and an interceptor for the timing cost a part of what a cheap
 * model does.
 *
 * @param <Q> the request
 * @param <A> the response
 */
final class Deferred<Q, A> implements ServerCallHandler<Q, A> {
  private final Service<Q, A> service;
  private final String method;
  private final CallListener listener;

  /** What a method does. */
  @FunctionalInterface
  interface Service<Q, A> {
    /** Begins to answer; what it throws ends the call. Owns the request from now on. */
    void answer(Q request, Reply<A> reply);
  }

  /**
   * A method.
   *
   * @param method its name as listeners know it
   */
  Deferred(Service<Q, A> service, String method, CallListener listener) {
    this.service = service;
    this.method = method;
    this.listener = listener;
  }

  @Override
  public ServerCall.Listener<Q> startCall(ServerCall<Q, A> call, Metadata headers) {
    // One more than is expected, so that a second message is noticed.
    call.request(2);
    return new Unary<>(service, new Reply<>(call, method, listener));
  }

  private static final class Unary<Q, A> extends ServerCall.Listener<Q> {
    private final Service<Q, A> service;
    private final Reply<A> reply;
    private @Nullable Q request;
    private boolean closed;

    Unary(Service<Q, A> service, Reply<A> reply) {
      this.service = service;
      this.reply = reply;
    }

    @Override
    public void onMessage(Q message) {
      if (closed || request != null) {
        refuse("more than one request", message);
      } else {
        request = message;
      }
    }

    @Override
    public void onHalfClose() {
      Q whole = request;
      request = null;
      if (closed) {
        return;
      }
      closed = true;
      if (whole == null) {
        reply.close(Status.INTERNAL.withDescription("the call ended without a request"));
        return;
      }
      try {
        service.answer(whole, reply);
      } catch (RuntimeException | OutOfMemoryError e) {
        reply.fail(e);
      }
    }

    @Override
    public void onCancel() {
      reply.cancelled();
      Q unanswered = request;
      request = null;
      release(unanswered);
    }

    private void refuse(String what, Q second) {
      closed = true;
      release(request);
      release(second);
      request = null;
      reply.close(Status.INTERNAL.withDescription("a unary call has one request; got " + what));
    }

    private static void release(@Nullable Object message) {
      if (message instanceof InferRequest infer) {
        infer.release();
      }
    }
  }
}
