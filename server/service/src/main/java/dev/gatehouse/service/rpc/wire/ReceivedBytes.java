package dev.gatehouse.service.rpc.wire;

import io.grpc.Detachable;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one message. Where the transport has them in one piece they stay there, and closing
 * gives that memory back; else they are copied.
 */
public final class ReceivedBytes implements AutoCloseable {
  private final ByteBuffer bytes;
  private @Nullable InputStream owner;

  private ReceivedBytes(ByteBuffer bytes, @Nullable InputStream owner) {
    this.bytes = bytes;
    this.owner = owner;
  }

  /**
   * Takes over what a message's stream holds.
   *
   * @throws UncheckedIOException when the stream cannot be read
   */
  public static ReceivedBytes of(InputStream message) {
    try {
      if (message instanceof Detachable detachable
          && message instanceof HasByteBuffer buffers
          && buffers.byteBufferSupported()) {
        int size = message.available();
        ByteBuffer first = buffers.getByteBuffer();
        if (first != null && first.remaining() == size) {
          InputStream own = detachable.detach();
          ByteBuffer whole = ((HasByteBuffer) own).getByteBuffer();
          if (whole != null) {
            return new ReceivedBytes(whole, own);
          }
        }
      }
      return new ReceivedBytes(ByteBuffer.wrap(copied(message)), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] copied(InputStream message) throws IOException {
    if (!(message instanceof KnownLength)) {
      return message.readAllBytes();
    }
    byte[] bytes = new byte[message.available()];
    int read = message.readNBytes(bytes, 0, bytes.length);
    return read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
  }

  /** The bytes, from position to limit; not to be used once closed. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** Gives the memory back; a second call does nothing. */
  @Override
  public void close() {
    InputStream held = owner;
    owner = null;
    if (held != null) {
      try {
        held.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
