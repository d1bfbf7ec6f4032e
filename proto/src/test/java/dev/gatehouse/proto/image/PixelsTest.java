package dev.gatehouse.proto.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PixelsTest {
  private static Pixels grey(int height, int width, int... values) {
    byte[] samples = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      samples[i] = (byte) values[i];
    }
    return new Pixels(1, height, width, samples);
  }

  private static Pixels random(int channels, int height, int width, Random random) {
    byte[] samples = new byte[channels * height * width];
    random.nextBytes(samples);
    return new Pixels(channels, height, width, samples);
  }

  @Test
  void shouldAverageWhatFallsTogetherWhenAnImageShrinks() {
    // Each new pixel's triangle weighs four old ones by 1/4, 3/4, 3/4, 1/4; at the edge by three.
    Pixels shrunk = grey(1, 4, 0, 0, 210, 210).resized(1, 2);

    assertThat(shrunk).usingRecursiveComparison().isEqualTo(grey(1, 2, 30, 180));
  }

  @Test
  void shouldInterpolateWhenAnImageGrows() {
    // Centres of the new pixels lie at -0.25, 0.25, 0.75 and 1.25 of the old ones.
    Pixels grown = grey(2, 1, 40, 80).resized(4, 1);

    assertThat(grown).usingRecursiveComparison().isEqualTo(grey(4, 1, 40, 50, 70, 80));
  }

  @Test
  void shouldKeepWhatIsEvenAndStayBetweenDarkestAndBrightest() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      int height = 1 + random.nextInt(40);
      int width = 1 + random.nextInt(40);
      Pixels even = random(3, 1, 1, random).resized(height, width);
      for (int p = 0; p < 3 * height * width; p++) {
        assertThat(even.samples()[p])
            .as("seed %d", seed)
            .isEqualTo(even.samples()[p / (height * width) * height * width]);
      }
      Pixels there = random(3, height, width, random);
      assertThat(there.resized(height, width)).isSameAs(there);
      assertThat(there.resized(5, 7).samples()).as("seed %d", seed).hasSize(3 * 35);
    }
  }

  @Test
  void shouldMirrorWithTheImage() {
    long seed = new Random().nextLong();
    Pixels image = random(1, 9, 13, new Random(seed));

    byte[] then = mirrored(image).resized(4, 6).samples();
    byte[] first = mirrored(image.resized(4, 6)).samples();
    for (int i = 0; i < then.length; i++) {
      // The order of a sum may decide how a half is rounded.
      assertThat(Math.abs((then[i] & 0xff) - (first[i] & 0xff)))
          .as("seed %d", seed)
          .isLessThanOrEqualTo(1);
    }
  }

  @Test
  void shouldKnowAGreyImageThatWasSavedWithColours() {
    Pixels grey = grey(1, 3, 1, 2, 250);
    Pixels colours = grey.withChannels(3);

    assertThat(colours.isGrey()).isTrue();
    assertThat(colours.withChannels(1)).usingRecursiveComparison().isEqualTo(grey);
    colours.samples()[3] ^= 1;
    assertThat(colours.isGrey()).isFalse();
  }

  private static Pixels mirrored(Pixels image) {
    byte[] samples = new byte[image.samples().length];
    for (int i = 0; i < samples.length; i++) {
      int line = i / image.width();
      samples[i] = image.samples()[line * image.width() + image.width() - 1 - i % image.width()];
    }
    return new Pixels(image.channels(), image.height(), image.width(), samples);
  }
}
