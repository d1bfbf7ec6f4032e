package dev.gatehouse.service.rpc;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.oip.ModelInferRequest;
import dev.gatehouse.service.rpc.wire.ReceivedBytes;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.protobuf.ProtoUtils;
import java.io.InputStream;

/** Reads requests of {@code ModelInfer}: usual ones by hand, all others by the library. */
final class InferMarshaller implements Marshaller<InferRequest> {
  private final Marshaller<ModelInferRequest> library =
      ProtoUtils.marshaller(ModelInferRequest.getDefaultInstance());

  @Override
  public InferRequest parse(InputStream message) {
    ReceivedBytes received = ReceivedBytes.of(message);
    RawInferRequest usual = RawInferRequest.read(received);
    if (usual != null) {
      return usual;
    }
    try (received) {
      FieldLimit.require(received.bytes());
      return new FullInferRequest(library.parse(received.stream()));
    } catch (BadInput e) {
      return new RefusedInferRequest(e);
    }
  }

  @Override
  public InputStream stream(InferRequest value) {
    throw new UnsupportedOperationException("a server reads requests only");
  }
}
