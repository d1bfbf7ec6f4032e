package dev.gatehouse.service.rpc;

import com.google.protobuf.ByteString;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.image.EncodedImage;
import dev.gatehouse.proto.network.InputSpec;
import java.nio.ByteBuffer;
import java.util.List;

/** PNG and JPEG images to rows of bytes in the model's shape {@code [channels, height, width]}. */
final class Images {
  private final int channels;
  private final int height;
  private final int width;

  /**
   * Images for a model's input.
   *
   * @throws BadInput when the model does not take images of bytes
   */
  Images(InputSpec input) {
    List<Integer> dims = input.shape().dims();
    boolean image = input.shape().isImage() && (dims.get(0) == 1 || dims.get(0) == 3);
    if (!image || input.datatype() != InputSpec.Datatype.UINT8) {
      throw new BadInput(
          "the model takes no images; send rows of "
              + input.datatype()
              + " with the shape "
              + input.shape());
    }
    this.channels = dims.get(0);
    this.height = dims.get(1);
    this.width = dims.get(2);
  }

  /**
   * Decodes images into one direct buffer, {@code [images, channels, height, width]}.
   *
   * @throws BadInput for an image that is none, or of another size; names it by its index
   */
  ByteBuffer decode(List<ByteString> encoded) {
    ByteBuffer rows = ByteBuffer.allocateDirect(bytes(encoded.size()));
    for (int i = 0; i < encoded.size(); i++) {
      try {
        rows.put(row(encoded.get(i)));
      } catch (BadInput e) {
        throw new BadInput("image " + i + ": " + e.getMessage(), e);
      }
    }
    return rows.flip();
  }

  private int bytes(int images) {
    long bytes = (long) images * channels * height * width;
    if (bytes > Integer.MAX_VALUE) {
      throw new BadInput("too many images in one request; images=" + images);
    }
    return (int) bytes;
  }

  private byte[] row(ByteString encoded) {
    try (EncodedImage image = EncodedImage.open(encoded.newInput())) {
      if (image.height() != height || image.width() != width) {
        throw new BadInput(
            String.format(
                "has %d x %d pixels (height x width), the model takes %d x %d",
                image.height(), image.width(), height, width));
      }
      return image.pixels().withChannels(channels).samples();
    }
  }
}
