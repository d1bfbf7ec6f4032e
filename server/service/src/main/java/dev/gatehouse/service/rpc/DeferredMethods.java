package dev.gatehouse.service.rpc;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;

/** Puts a method of our own in the place of a generated one. */
final class DeferredMethods {
  private DeferredMethods() {}

  /**
   * The service with another {@code method}.
   *
   * @param method the generated method, whose name and kind stay
   * @param requests reads its requests
   * @param responses writes its responses
   */
  static <Q, A> ServerServiceDefinition with(
      ServerServiceDefinition service,
      MethodDescriptor<?, ?> method,
      Marshaller<Q> requests,
      Marshaller<A> responses,
      ServerCallHandler<Q, A> handler) {
    MethodDescriptor<Q, A> own = method.toBuilder(requests, responses).build();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName())
            .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
    for (ServerMethodDefinition<?, ?> old : service.getMethods()) {
      boolean replaced = isSame(old, own);
      descriptor.addMethod(replaced ? own : old.getMethodDescriptor());
    }
    ServerServiceDefinition.Builder with = ServerServiceDefinition.builder(descriptor.build());
    for (ServerMethodDefinition<?, ?> old : service.getMethods()) {
      if (isSame(old, own)) {
        with.addMethod(own, handler);
      } else {
        with.addMethod(old);
      }
    }
    return with.build();
  }

  private static boolean isSame(ServerMethodDefinition<?, ?> one, MethodDescriptor<?, ?> other) {
    return one.getMethodDescriptor().getFullMethodName().equals(other.getFullMethodName());
  }
}
