package dev.gatehouse.service.rpc;

import com.google.protobuf.ByteString;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.service.rows.ImageRow;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The encoded images of a request to rows of bytes.
 *
 * @param row decodes one
 */
record Images(ImageRow row) {
  /**
   * Bytes of a PNG without pixels: its signature and its chunks IHDR, IDAT and IEND. A JPEG has
   * more, for its tables.
   */
  private static final int SHORTEST = 57;

  /**
   * Decodes images into one direct buffer, {@code [images, channels, height, width]}.
   *
   * @throws BadInput for an image that is none, or of another size; names it by its index
   */
  ByteBuffer decode(List<ByteString> encoded) {
    requireNoneTooShort(encoded);
    ByteBuffer rows = ByteBuffer.allocateDirect(bytes(encoded.size()));
    for (int i = 0; i < encoded.size(); i++) {
      rows.put(decode(i, encoded.get(i)));
    }
    return rows.flip();
  }

  /** An entry of no bytes would take the memory of a row; decoding says what is wrong with it. */
  private void requireNoneTooShort(List<ByteString> encoded) {
    for (int i = 0; i < encoded.size(); i++) {
      if (encoded.get(i).size() < SHORTEST) {
        decode(i, encoded.get(i));
      }
    }
  }

  private byte[] decode(int index, ByteString encoded) {
    try {
      return row.decode(encoded.newInput());
    } catch (BadInput e) {
      throw new BadInput("image " + index + ": " + e.getMessage(), e);
    }
  }

  private int bytes(int images) {
    long bytes = (long) images * row.elements();
    if (bytes > Integer.MAX_VALUE) {
      throw new BadInput("too many images in one request; images=" + images);
    }
    return (int) bytes;
  }
}
