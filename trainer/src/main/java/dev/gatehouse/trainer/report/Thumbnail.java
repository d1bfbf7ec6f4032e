package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.network.InputSpec;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Raw rows {@code [channels, height, width]} as small PNG images inside a page. */
final class Thumbnail {
  /** Longer sides are made smaller by whole factors: a page holds many of these. */
  private static final int LONGEST = 36;

  private static final int FULL = 255;

  private final int channels;
  private final int height;
  private final int width;
  private final InputSpec input;

  private Thumbnail(InputSpec input) {
    List<Integer> dims = input.shape().dims();
    channels = dims.get(0);
    height = dims.get(1);
    width = dims.get(2);
    this.input = input;
  }

  /** True when rows of {@code input} are grey or coloured images. */
  static boolean suits(InputSpec input) {
    int channels = input.shape().dims().get(0);
    return input.shape().isImage() && (channels == 1 || channels == 3);
  }

  /** Draws rows of {@code input}, which must {@link #suits suit}. */
  static Thumbnail of(InputSpec input) {
    return new Thumbnail(input);
  }

  /**
   * A row as a {@code data:} address. Bytes are shown as they are; of floats the least value of the
   * row is black and its largest full.
   */
  String address(float[] values) {
    boolean bytes = input.datatype() == InputSpec.Datatype.UINT8;
    double min = bytes ? 0 : Double.POSITIVE_INFINITY;
    double max = bytes ? FULL : Double.NEGATIVE_INFINITY;
    for (int i = 0; !bytes && i < values.length; i++) {
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
    }
    int factor = (Math.max(height, width) + LONGEST - 1) / LONGEST;
    int w = Math.max(1, width / factor);
    int h = Math.max(1, height / factor);
    BufferedImage image =
        new BufferedImage(
            w, h, channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    WritableRaster raster = image.getRaster();
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
          raster.setSample(
              x, y, c, level(mean(values, c, y * factor, x * factor, factor), min, max));
        }
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(png)) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
  }

  private double mean(float[] values, int channel, int top, int left, int size) {
    double sum = 0;
    int count = 0;
    for (int y = top; y < Math.min(height, top + size); y++) {
      for (int x = left; x < Math.min(width, left + size); x++) {
        sum += values[(channel * height + y) * width + x];
        count++;
      }
    }
    return sum / count;
  }

  private static int level(double value, double min, double max) {
    double share = max > min ? (value - min) / (max - min) : 0;
    return (int) Math.max(0, Math.min(FULL, Math.rint(share * FULL)));
  }
}
