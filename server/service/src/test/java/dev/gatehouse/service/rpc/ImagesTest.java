package dev.gatehouse.service.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.service.rows.ImageRow;
import dev.gatehouse.service.testing.Png;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImagesTest {
  private static final int HEIGHT = 5;
  private static final int WIDTH = 7;

  @Test
  void shouldKeepGreySamplesAsTheyAre() {
    byte[] values = new byte[256];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) i;
    }

    ByteBuffer rows = images(input(1, 16, 16)).decode(List.of(bytes(Png.grey(values, 16, 16))));

    assertThat(array(rows)).isEqualTo(values);
  }

  @Test
  void shouldKeepTheOrderOfImages() {
    byte[] first = random(3).clone();
    byte[] second = random(4);

    ByteBuffer rows =
        images(input(1, HEIGHT, WIDTH))
            .decode(
                List.of(
                    bytes(Png.grey(first, HEIGHT, WIDTH)), bytes(Png.grey(second, HEIGHT, WIDTH))));

    byte[] all = array(rows);
    assertThat(java.util.Arrays.copyOf(all, first.length)).isEqualTo(first);
    assertThat(java.util.Arrays.copyOfRange(all, first.length, all.length)).isEqualTo(second);
  }

  @Test
  void shouldPutColoursChannelByChannel() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    image.setRGB(2, 1, 0x010203);

    byte[] row = array(images(input(3, HEIGHT, WIDTH)).decode(List.of(png(image))));

    int at = WIDTH + 2;
    int channel = HEIGHT * WIDTH;
    assertThat(new byte[] {row[at], row[channel + at], row[2 * channel + at]})
        .containsExactly(1, 2, 3);
  }

  @Test
  void shouldMakeColoursGreyByTheirLuma() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xff0000);
    image.setRGB(1, 0, 0x00ff00);
    image.setRGB(2, 0, 0x0000ff);
    image.setRGB(3, 0, 0x4d4d4d);

    byte[] row = array(images(input(1, HEIGHT, WIDTH)).decode(List.of(png(image))));

    // 0.299, 0.587 and 0.114 of 255, rounded; a grey stays what it is.
    assertThat(new int[] {row[0] & 0xff, row[1] & 0xff, row[2] & 0xff, row[3] & 0xff})
        .containsExactly(76, 150, 29, 0x4d);
  }

  @Test
  void shouldReadPaletteImages() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_BINARY);
    image.setRGB(3, 2, 0xffffff);

    byte[] row = array(images(input(1, HEIGHT, WIDTH)).decode(List.of(png(image))));

    assertThat(row[2 * WIDTH + 3] & 0xff).isEqualTo(255);
    assertThat(row[0]).isZero();
  }

  @Test
  void shouldReadJpegCloseToWhatWasDrawn() {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 256; i++) {
      image.getRaster().setSample(i % 16, i / 16, 0, 40 + i / 2);
    }

    byte[] row = array(images(input(1, 16, 16)).decode(List.of(bytes(Png.encode(image, "jpeg")))));

    for (int i = 0; i < 256; i++) {
      assertThat(Math.abs((row[i] & 0xff) - (40 + i / 2))).isLessThan(12);
    }
  }

  @Test
  void shouldRefuseTransparentPixels() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_ARGB);

    assertThatThrownBy(() -> images(input(1, HEIGHT, WIDTH)).decode(List.of(png(image))))
        .isInstanceOf(BadInput.class)
        .hasMessage("image 0: has transparent pixels; lay it over a background first");
  }

  @Test
  void shouldRefuseSixteenBitSamples() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY);

    assertThatThrownBy(() -> images(input(1, HEIGHT, WIDTH)).decode(List.of(png(image))))
        .isInstanceOf(BadInput.class)
        .hasMessage("image 0: has more than 8 bits a sample");
  }

  /** So many rows could not be held at all; what is no image is seen before any is asked for. */
  @Test
  void shouldLookAtEntriesThatAreNoImagesBeforeItTakesMemory() {
    List<ByteString> empty = Collections.nCopies(1 << 21, ByteString.EMPTY);
    List<ByteString> cut =
        Collections.nCopies(1 << 21, bytes(Png.grey(new byte[26 * 26], 26, 26)).substring(0, 40));

    assertThatThrownBy(() -> images(input(3, 26, 26)).decode(empty))
        .isInstanceOf(BadInput.class)
        .hasMessage("image 0: is neither PNG nor JPEG");
    assertThatThrownBy(() -> images(input(3, 26, 26)).decode(cut))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("image 0: is damaged: ");
  }

  @Test
  void shouldRefuseImagesForAModelOfFeatures() {
    InputSpec features =
        new InputSpec(
            "features",
            InputSpec.Datatype.FP32,
            Shape.of(4),
            -1,
            1,
            new InputSpec.Normalisation(
                1, List.of(0.0, 0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0, 1.0)));

    assertThatThrownBy(() -> images(features))
        .isInstanceOf(BadInput.class)
        .hasMessage("the model takes no images; send rows of FP32 with the shape [4]");
  }

  private static byte[] random(long seed) {
    byte[] values = new byte[HEIGHT * WIDTH];
    new Random(seed).nextBytes(values);
    return values;
  }

  private static InputSpec input(int channels, int height, int width) {
    List<Double> ones = java.util.Collections.nCopies(channels, 1.0);
    return new InputSpec(
        "image",
        InputSpec.Datatype.UINT8,
        Shape.of(channels, height, width),
        0,
        255,
        new InputSpec.Normalisation(255, ones, ones));
  }

  private static ByteString png(BufferedImage image) {
    return bytes(Png.encode(image, "png"));
  }

  private static ByteString bytes(byte[] values) {
    return ByteString.copyFrom(values);
  }

  private static byte[] array(ByteBuffer buffer) {
    byte[] values = new byte[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static Images images(InputSpec input) {
    return new Images(new ImageRow(input));
  }
}
