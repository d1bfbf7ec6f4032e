package dev.gatehouse.service.rpc.wire;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A message that is encoded already.
 *
 * @param bytes its encoding; not to be changed any more
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record EncodedMessage(byte[] bytes) {
  /** Hands such messages to gRPC. */
  public static final Marshaller<EncodedMessage> MARSHALLER = new Encoded();

  private static final class Encoded implements Marshaller<EncodedMessage> {
    @Override
    public InputStream stream(EncodedMessage value) {
      return new Bytes(value.bytes);
    }

    @Override
    public EncodedMessage parse(InputStream stream) {
      throw new UnsupportedOperationException("a server sends responses only");
    }
  }

  /** Tells its length, and writes itself in one piece. */
  private static final class Bytes extends ByteArrayInputStream implements KnownLength, Drainable {
    Bytes(byte[] bytes) {
      super(bytes);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int length = count - pos;
      target.write(buf, pos, length);
      pos = count;
      return length;
    }
  }
}
