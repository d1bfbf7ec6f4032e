package dev.gatehouse.service.rows;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.image.EncodedImage;
import dev.gatehouse.proto.network.InputSpec;
import java.io.InputStream;
import java.util.List;

/** PNG and JPEG images to rows of bytes in a model's shape {@code [channels, height, width]}. */
public final class ImageRow {
  private final int channels;
  private final int height;
  private final int width;

  /**
   * Images for a model's input.
   *
   * @throws BadInput when the model does not take images of bytes
   */
  public ImageRow(InputSpec input) {
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

  /** Elements of a row. */
  public int elements() {
    return channels * height * width;
  }

  /**
   * Decodes an image, {@code [channels, height, width]}.
   *
   * @throws BadInput when it is none, or of another size
   */
  public byte[] decode(InputStream encoded) {
    try (EncodedImage image = EncodedImage.open(encoded)) {
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
