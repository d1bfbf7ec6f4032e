package dev.gatehouse.proto.image;

import dev.gatehouse.proto.BadInput;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A PNG or JPEG image whose size is known and whose pixels are decoded when asked for.
 *
 * <p>A grey image is taken sample by sample, without the conversion between colour spaces that
 * {@link BufferedImage#getRGB} would do.
 */
public final class EncodedImage implements AutoCloseable {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};

  /** 256 MiB of colours; a file of a few bytes can claim any size. */
  private static final long MOST_PIXELS = 1L << 26;

  private static final int OPAQUE = 0xff;

  private final ImageReader reader;
  private final ImageInputStream stream;

  /** Closed here, since {@link #stream} leaves it open. */
  private final InputStream encoded;

  private EncodedImage(ImageReader reader, ImageInputStream stream, InputStream encoded) {
    this.reader = reader;
    this.stream = stream;
    this.encoded = encoded;
  }

  /**
   * Reads an image's header.
   *
   * @param encoded the file's bytes; closed with the image, or now where there is none
   * @throws BadInput when they are neither PNG nor JPEG
   */
  public static EncodedImage open(InputStream encoded) {
    ImageInputStream stream = new MemoryCacheImageInputStream(encoded);
    try {
      ImageReader reader = ImageIO.getImageReadersByFormatName(format(stream)).next();
      reader.setInput(stream, true, true);
      return new EncodedImage(reader, stream, encoded);
    } catch (IOException | RuntimeException e) {
      try {
        close(stream, encoded);
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e instanceof RuntimeException unchecked ? unchecked : damaged(e);
    }
  }

  private static void close(ImageInputStream stream, InputStream encoded) throws IOException {
    try (encoded) {
      stream.close();
    }
  }

  /**
   * Reads something of an image file.
   *
   * @throws BadInput when the file cannot be read or is no sound image; names the file
   */
  public static <T> T read(Path file, Function<EncodedImage, T> reading) {
    try (EncodedImage image = open(new BufferedInputStream(Files.newInputStream(file)))) {
      return reading.apply(image);
    } catch (BadInput e) {
      throw new BadInput(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static String format(ImageInputStream stream) throws IOException {
    byte[] start = new byte[PNG.length];
    int length = Math.max(0, stream.read(start));
    stream.seek(0);
    if (length == PNG.length && Arrays.equals(start, PNG)) {
      return "png";
    }
    if (Arrays.equals(Arrays.copyOf(start, JPEG.length), JPEG)) {
      return "jpeg";
    }
    throw new BadInput("is neither PNG nor JPEG");
  }

  /**
   * Height in pixels, from the header.
   *
   * @throws BadInput when the header is damaged
   */
  public int height() {
    return sound(() -> reader.getHeight(0));
  }

  /**
   * Width in pixels, from the header.
   *
   * @throws BadInput when the header is damaged
   */
  public int width() {
    return sound(() -> reader.getWidth(0));
  }

  /**
   * Decodes the image.
   *
   * @throws BadInput when it is damaged, too large, has transparent pixels or more than 8 bits a
   *     sample
   */
  public Pixels pixels() {
    if ((long) height() * width() > MOST_PIXELS) {
      throw new BadInput(
          "has %d x %d pixels (height x width), more than the %d that are read"
              .formatted(height(), width(), MOST_PIXELS));
    }
    BufferedImage image = sound(() -> reader.read(0));
    Raster raster = image.getRaster();
    if (raster.getSampleModel().getSampleSize(0) > Byte.SIZE) {
      throw new BadInput("has more than 8 bits a sample");
    }
    boolean grey = raster.getNumBands() <= 2 && !(image.getColorModel() instanceof IndexColorModel);
    return grey ? grey(raster) : colours(image);
  }

  private static Pixels grey(Raster raster) {
    int height = raster.getHeight();
    int width = raster.getWidth();
    int[] values = raster.getSamples(0, 0, width, height, 0, (int[]) null);
    if (raster.getNumBands() == 2) {
      for (int alpha : raster.getSamples(0, 0, width, height, 1, (int[]) null)) {
        requireOpaque(alpha);
      }
    }
    byte[] samples = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      samples[i] = (byte) values[i];
    }
    return new Pixels(1, height, width, samples);
  }

  private static Pixels colours(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    int[] argb = image.getRGB(0, 0, width, height, null, 0, width);
    byte[] samples = new byte[3 * argb.length];
    for (int i = 0; i < argb.length; i++) {
      requireOpaque(argb[i] >>> 24);
      samples[i] = (byte) (argb[i] >> 16);
      samples[argb.length + i] = (byte) (argb[i] >> 8);
      samples[2 * argb.length + i] = (byte) argb[i];
    }
    return new Pixels(3, height, width, samples);
  }

  private static void requireOpaque(int alpha) {
    if (alpha != OPAQUE) {
      throw new BadInput("has transparent pixels; lay it over a background first");
    }
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  /** Damaged files make ImageIO throw unchecked exceptions as well. */
  private static <T> T sound(Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw damaged(e);
    }
  }

  private static BadInput damaged(Exception e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
    return new BadInput("is damaged: " + reason, e);
  }

  @Override
  public void close() {
    reader.dispose();
    try {
      close(stream, encoded);
    } catch (IOException e) {
      throw damaged(e);
    }
  }
}
