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
   * Decodes images into one direct buffer, {@code [images, channels, height, width]}.
   *
   * @throws BadInput for an image that is none, or of another size; names it by its index
   */
  ByteBuffer decode(List<ByteString> encoded) {
    ByteBuffer rows = ByteBuffer.allocateDirect(bytes(encoded.size()));
    for (int i = 0; i < encoded.size(); i++) {
      try {
        rows.put(row.decode(encoded.get(i).newInput()));
      } catch (BadInput e) {
        throw new BadInput("image " + i + ": " + e.getMessage(), e);
      }
    }
    return rows.flip();
  }

  private int bytes(int images) {
    long bytes = (long) images * row.elements();
    if (bytes > Integer.MAX_VALUE) {
      throw new BadInput("too many images in one request; images=" + images);
    }
    return (int) bytes;
  }
}
