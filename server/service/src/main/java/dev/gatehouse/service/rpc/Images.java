package dev.gatehouse.service.rpc;

import com.google.protobuf.ByteString;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * PNG and JPEG images to rows of bytes in the model's shape {@code [channels, height, width]}.
 *
 * <p>A grey image is taken sample by sample, without the conversion between colour spaces that
 * {@link BufferedImage#getRGB} would do. A coloured image becomes grey by 0.299 R + 0.587 G + 0.114
 * B, rounded; a grey image for a model of colours has three equal channels.
 */
final class Images {
  private static final ByteString PNG =
      ByteString.copyFrom(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
  private static final ByteString JPEG =
      ByteString.copyFrom(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff});

  private static final int OPAQUE = 0xff;

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
        put(read(encoded.get(i)), rows);
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

  private BufferedImage read(ByteString encoded) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format(encoded));
    ImageReader reader = readers.next();
    try (var stream = new MemoryCacheImageInputStream(encoded.newInput())) {
      reader.setInput(stream, true, true);
      if (reader.getHeight(0) != height || reader.getWidth(0) != width) {
        throw new BadInput(
            String.format(
                "has %d x %d pixels (height x width), the model takes %d x %d",
                reader.getHeight(0), reader.getWidth(0), height, width));
      }
      return reader.read(0);
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new BadInput("is damaged: " + firstLine(e), e);
    } finally {
      reader.dispose();
    }
  }

  private static String format(ByteString encoded) {
    if (encoded.startsWith(PNG)) {
      return "png";
    }
    if (encoded.startsWith(JPEG)) {
      return "jpeg";
    }
    throw new BadInput("is neither PNG nor JPEG; bytes=" + encoded.size());
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
  }

  private void put(BufferedImage image, ByteBuffer rows) {
    Raster raster = image.getRaster();
    if (raster.getSampleModel().getSampleSize(0) > Byte.SIZE) {
      throw new BadInput("has more than 8 bits a sample");
    }
    boolean grey = raster.getNumBands() <= 2 && !(image.getColorModel() instanceof IndexColorModel);
    for (int channel = 0; channel < channels; channel++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          rows.put((byte) (grey ? grey(raster, x, y) : sample(image.getRGB(x, y), channel)));
        }
      }
    }
  }

  private static int grey(Raster raster, int x, int y) {
    requireOpaque(raster.getNumBands() == 1 ? OPAQUE : raster.getSample(x, y, 1));
    return raster.getSample(x, y, 0);
  }

  private int sample(int argb, int channel) {
    requireOpaque(argb >>> 24);
    int red = argb >> 16 & 0xff;
    int green = argb >> 8 & 0xff;
    int blue = argb & 0xff;
    if (channels == 1) {
      return (299 * red + 587 * green + 114 * blue + 500) / 1000;
    }
    return channel == 0 ? red : channel == 1 ? green : blue;
  }

  private static void requireOpaque(int alpha) {
    if (alpha != OPAQUE) {
      throw new BadInput("has transparent pixels; lay it over a background first");
    }
  }
}
