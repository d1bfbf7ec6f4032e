package dev.gatehouse.service.rpc;

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
  private final Set<ServerCall<?, ?>> open = ConcurrentHashMap.newKeySet();

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    open.add(call);
    return new SimpleForwardingServerCallListener<Q>(next.startCall(call, headers)) {
      @Override
      public void onCancel() {
        open.remove(call);
        super.onCancel();
      }

      @Override
      public void onComplete() {
        open.remove(call);
        super.onComplete();
      }
    };
  }

  /** Ends every call that is open with UNAVAILABLE. */
  void closeAll() {
    for (ServerCall<?, ?> call : open) {
      try {
        call.close(Status.UNAVAILABLE.withDescription("the server is stopping"), new Metadata());
      } catch (IllegalStateException e) {
        // The call ended by itself in the meantime, which is what is wanted.
        open.remove(call);
      }
    }
  }
}
