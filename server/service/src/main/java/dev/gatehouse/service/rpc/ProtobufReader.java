package dev.gatehouse.service.rpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.gatehouse.proto.BadInput;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Reads requests by the library of Protocol Buffers, once it is known what they take there. */
final class ProtobufReader {
  private ProtobufReader() {}

  /**
   * Reads a request.
   *
   * @param bytes the encoded message, from position to limit; not used afterwards
   * @param message what it is
   * @param parser reads it
   * @throws BadInput when it has too many fields or is damaged
   */
  static <M extends Message> M read(ByteBuffer bytes, Descriptor message, Parser<M> parser) {
    FieldLimit.require(bytes, message);
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes.duplicate());
      M read = parser.parseFrom(in);
      in.checkLastTagWas(0);
      return read;
    } catch (InvalidProtocolBufferException e) {
      throw unreadable(e);
    }
  }

  /**
   * What to tell a caller whose request could not be read.
   *
   * @param thrown by the transport or by {@link #read}
   */
  static RuntimeException refusal(RuntimeException thrown) {
    if (!(thrown instanceof UncheckedIOException)) {
      return thrown;
    }
    Throwable cause = thrown.getCause();
    return unreadable(cause == null ? thrown : cause);
  }

  private static BadInput unreadable(Throwable e) {
    String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new BadInput("the request cannot be read: " + why, e);
  }
}
