package dev.gatehouse.service.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows the calls that stay open as long as their caller likes, such as a health watch, so that
 * they do not hold up a server that drains.
 */
final class OpenStreams implements ServerInterceptor {
  private final Set<Stream<?, ?>> open = ConcurrentHashMap.newKeySet();

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Stream<Q, A> stream = new Stream<>(call);
    open.add(stream);
    return new SimpleForwardingServerCallListener<Q>(next.startCall(stream, headers)) {
      @Override
      public void onCancel() {
        open.remove(stream);
        super.onCancel();
      }

      @Override
      public void onComplete() {
        open.remove(stream);
        super.onComplete();
      }
    };
  }

  /** Ends every call that is open with UNAVAILABLE. */
  void closeAll() {
    for (Stream<?, ?> stream : open) {
      stream.close(Status.UNAVAILABLE.withDescription("the server is stopping"), new Metadata());
    }
  }

  /**
   * A call that two may end, the service and the drain: the first one does, the rest is dropped.
   */
  private static final class Stream<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private boolean closed;

    Stream(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!closed) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(A message) {
      if (!closed) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!closed) {
        closed = true;
        super.close(status, trailers);
      }
    }
  }
}
