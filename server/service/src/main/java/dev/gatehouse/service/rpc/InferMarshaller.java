package dev.gatehouse.service.rpc;

import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.service.rpc.wire.ReceivedBytes;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.InputStream;

/**
 * Reads requests of {@code ModelInfer}: usual ones by hand, all others by the library. Throws
 * nothing: what a marshaller throws reaches the caller as UNKNOWN, and no metric.
 */
final class InferMarshaller implements Marshaller<InferRequest> {
  @Override
  public InferRequest parse(InputStream message) {
    ReceivedBytes received;
    try {
      received = ReceivedBytes.of(message);
    } catch (RuntimeException e) {
      return new RefusedInferRequest(ProtobufReader.refusal(e));
    }
    RawInferRequest usual = RawInferRequest.read(received);
    if (usual != null) {
      return usual;
    }
    try (received) {
      return new FullInferRequest(
          ProtobufReader.read(
              received.bytes(), ModelInferRequest.getDescriptor(), ModelInferRequest.parser()));
    } catch (RuntimeException e) {
      return new RefusedInferRequest(ProtobufReader.refusal(e));
    }
  }

  @Override
  public InputStream stream(InferRequest value) {
    throw new UnsupportedOperationException("a server reads requests only");
  }
}
