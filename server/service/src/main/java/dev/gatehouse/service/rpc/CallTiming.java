package dev.gatehouse.service.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;

/** Reports each call's status and duration once, also when the caller went away. */
record CallTiming(CallListener listener) implements ServerInterceptor {
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    long start = System.nanoTime();
    Due due = Due.ofCurrentCall(start);
    Report report =
        new Report(listener, method(call.getMethodDescriptor()), start, new AtomicBoolean());
    ServerCall<Q, A> timed =
        new SimpleForwardingServerCall<Q, A>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            report.ended(status.getCode());
            super.close(status, trailers);
          }
        };
    return new SimpleForwardingServerCallListener<Q>(next.startCall(timed, headers)) {
      @Override
      public void onCancel() {
        report.ended(due.cancelled());
        super.onCancel();
      }
    };
  }

  /** {@code gatehouse.v1.PredictionService/Predict} without the package. */
  static String method(MethodDescriptor<?, ?> method) {
    String fullName = method.getFullMethodName();
    return fullName.substring(fullName.lastIndexOf('.', fullName.indexOf('/')) + 1);
  }

  private record Report(CallListener listener, String method, long start, AtomicBoolean done) {
    void ended(Status.Code status) {
      if (done.compareAndSet(false, true)) {
        listener.finished(method, status.name(), System.nanoTime() - start);
      }
    }
  }
}
