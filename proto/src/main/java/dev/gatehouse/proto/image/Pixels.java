package dev.gatehouse.proto.image;

import dev.gatehouse.proto.BadInput;
import java.util.Arrays;

/**
 * A decoded image.
 *
 * @param channels 1 for grey, 3 for red, green and blue
 * @param height in pixels
 * @param width in pixels
 * @param samples [channels, height, width] unsigned bytes; not to be written to
 */
public record Pixels(int channels, int height, int width, byte[] samples) {
  /** Checks that the samples make the image. */
  public Pixels {
    if ((channels != 1 && channels != 3) || samples.length != channels * height * width) {
      throw new BadInput(
          "an image has 1 or 3 channels and a sample each pixel; channels=%d, height=%d, width=%d, samples=%d"
              .formatted(channels, height, width, samples.length));
    }
  }

  /** True where all channels are the same, as in a grey image that was saved with colours. */
  public boolean isGrey() {
    int pixels = height * width;
    return channels == 1
        || (Arrays.equals(samples, 0, pixels, samples, pixels, 2 * pixels)
            && Arrays.equals(samples, 0, pixels, samples, 2 * pixels, 3 * pixels));
  }

  /**
   * The image with 1 or 3 channels. Colours become grey by 0.299 R + 0.587 G + 0.114 B, rounded; a
   * grey image in colours has three equal channels.
   */
  public Pixels withChannels(int wanted) {
    if (wanted == channels) {
      return this;
    }
    int pixels = height * width;
    byte[] changed = new byte[wanted * pixels];
    for (int i = 0; i < changed.length; i++) {
      changed[i] = wanted == 3 ? samples[i % pixels] : luma(i, pixels);
    }
    return new Pixels(wanted, height, width, changed);
  }

  private byte luma(int at, int pixels) {
    int red = samples[at] & 0xff;
    int green = samples[pixels + at] & 0xff;
    int blue = samples[2 * pixels + at] & 0xff;
    return (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
  }

  /** The image as a model takes it: {@link #withChannels}, then {@link #resized}. */
  public Pixels fitted(int wantedChannels, int newHeight, int newWidth) {
    return withChannels(wantedChannels).resized(newHeight, newWidth);
  }

  /**
   * The image in another size, not keeping its proportions: bilinear interpolation where it grows,
   * the weighted mean of what falls together where it shrinks.
   */
  public Pixels resized(int newHeight, int newWidth) {
    if (newHeight == height && newWidth == width) {
      return this;
    }
    Resampling rows = Resampling.of(height, newHeight);
    Resampling columns = Resampling.of(width, newWidth);
    byte[] changed = new byte[channels * newHeight * newWidth];
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < newHeight; y++) {
        for (int x = 0; x < newWidth; x++) {
          double sum = 0;
          for (int i = 0; i < rows.count(y); i++) {
            int line = (c * height + rows.first(y) + i) * width + columns.first(x);
            double across = 0;
            for (int j = 0; j < columns.count(x); j++) {
              across += columns.weight(x, j) * (samples[line + j] & 0xff);
            }
            sum += rows.weight(y, i) * across;
          }
          changed[(c * newHeight + y) * newWidth + x] = (byte) Math.round(sum);
        }
      }
    }
    return new Pixels(channels, newHeight, newWidth, changed);
  }
}
