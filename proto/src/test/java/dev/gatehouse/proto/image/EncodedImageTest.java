package dev.gatehouse.proto.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Whoever hands over a stream has not to close it. */
class EncodedImageTest {
  /** Bytes that remember whether they were closed. */
  private static class Source extends ByteArrayInputStream {
    private boolean closed;

    Source(byte[] bytes) {
      super(bytes);
    }

    @Override
    public void close() throws IOException {
      closed = true;
      super.close();
    }
  }

  private static byte[] png() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY), "png", bytes);
    return bytes.toByteArray();
  }

  @Test
  void shouldCloseItsBytesWithTheImage() throws Exception {
    Source source = new Source(png());

    try (EncodedImage image = EncodedImage.open(source)) {
      assertThat(image.width()).isEqualTo(3);
      assertThat(source.closed).isFalse();
    }

    assertThat(source.closed).isTrue();
  }

  @Test
  void shouldCloseWhatIsNoImage() {
    Source source = new Source(new byte[] {'G', 'I', 'F', '8'});

    assertThatThrownBy(() -> EncodedImage.open(source))
        .isInstanceOf(BadInput.class)
        .hasMessage("is neither PNG nor JPEG");

    assertThat(source.closed).isTrue();
  }

  @Test
  void shouldCloseWhatCannotBeRead() {
    Source source =
        new Source(new byte[100]) {
          @Override
          public synchronized int read(byte[] to, int from, int length) {
            throw new IllegalStateException("the disk is gone");
          }
        };

    assertThatThrownBy(() -> EncodedImage.open(source)).hasMessage("the disk is gone");

    assertThat(source.closed).isTrue();
  }

  @Test
  void shouldCloseAnImageThatIsDamaged() throws Exception {
    Source source = new Source(Arrays.copyOf(png(), 20));

    assertThatThrownBy(
            () -> {
              try (EncodedImage image = EncodedImage.open(source)) {
                image.pixels();
              }
            })
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("is damaged");

    assertThat(source.closed).isTrue();
  }
}
