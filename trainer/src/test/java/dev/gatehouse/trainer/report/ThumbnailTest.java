package dev.gatehouse.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.Collections;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ThumbnailTest {
  private static InputSpec input(InputSpec.Datatype type, Integer... shape) {
    return new InputSpec(
        "x",
        type,
        Shape.of(shape),
        -1000,
        1000,
        new InputSpec.Normalisation(
            1, Collections.nCopies(shape[0], 0.0), Collections.nCopies(shape[0], 1.0)));
  }

  private static BufferedImage image(InputSpec input, float... values) throws Exception {
    String address = Thumbnail.of(input).address(values);
    byte[] png = Base64.getDecoder().decode(address.substring("data:image/png;base64,".length()));
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  @Test
  void shouldKeepGreyBytesAsTheyAre() throws Exception {
    BufferedImage image = image(input(InputSpec.Datatype.UINT8, 1, 2, 2), 0, 17, 128, 255);

    assertThat(image.getRaster().getSamples(0, 0, 2, 2, 0, (int[]) null))
        .containsExactly(0, 17, 128, 255);
  }

  @Test
  void shouldKeepTheOrderOfColours() throws Exception {
    BufferedImage image = image(input(InputSpec.Datatype.UINT8, 3, 1, 1), 200, 100, 50);

    assertThat(image.getRGB(0, 0) & 0xffffff).isEqualTo(200 << 16 | 100 << 8 | 50);
  }

  @Test
  void shouldSpreadFloatsOverTheirOwnRange() throws Exception {
    BufferedImage image = image(input(InputSpec.Datatype.FP32, 1, 1, 3), -1, 0, 1);

    assertThat(image.getRaster().getSamples(0, 0, 3, 1, 0, (int[]) null))
        .containsExactly(0, 128, 255);
  }

  @Test
  void shouldMakeLargeImagesSmallByMeans() throws Exception {
    float[] values = new float[64 * 64];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 2 == 0 ? 100 : 200;
    }
    BufferedImage image = image(input(InputSpec.Datatype.UINT8, 1, 64, 64), values);

    assertThat(image.getWidth()).isEqualTo(32);
    assertThat(image.getRaster().getSample(5, 5, 0)).isEqualTo(150);
  }

  @Test
  void shouldSuitImagesAlone() {
    assertThat(Thumbnail.suits(input(InputSpec.Datatype.UINT8, 3, 4, 4))).isTrue();
    assertThat(Thumbnail.suits(input(InputSpec.Datatype.UINT8, 2, 4, 4))).isFalse();
    assertThat(Thumbnail.suits(input(InputSpec.Datatype.FP32, 7))).isFalse();
  }
}
