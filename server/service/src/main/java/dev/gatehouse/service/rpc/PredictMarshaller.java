package dev.gatehouse.service.rpc;

import dev.gatehouse.proto.v1.PredictRequest;
import dev.gatehouse.service.rpc.wire.ReceivedBytes;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.InputStream;
import java.util.function.Supplier;

/**
 * Reads requests of {@code Predict}; why one is refused is thrown when it is asked for. What a
 * marshaller throws reaches the caller as UNKNOWN, and no metric.
 */
final class PredictMarshaller implements Marshaller<Supplier<PredictRequest>> {
  @Override
  public Supplier<PredictRequest> parse(InputStream message) {
    try (ReceivedBytes received = ReceivedBytes.of(message)) {
      PredictRequest request =
          ProtobufReader.read(
              received.bytes(), PredictRequest.getDescriptor(), PredictRequest.parser());
      return () -> request;
    } catch (RuntimeException e) {
      return () -> {
        throw ProtobufReader.refusal(e);
      };
    }
  }

  @Override
  public InputStream stream(Supplier<PredictRequest> value) {
    throw new UnsupportedOperationException("a server reads requests only");
  }
}
