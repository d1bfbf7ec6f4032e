package dev.gatehouse.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.trainer.data.strokes.StrokesDifficulty;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The embedded data set, drawn whole. */
class StrokesTest {
  private static DataSet data;

  @BeforeAll
  static void draw() {
    data = DataSets.load("strokes", null);
  }

  @Test
  void shouldBeTheSameBytesOnEveryMachine() {
    assertThat(data.fingerprint())
        .as("changed drawings are a changed data set: every published figure must be measured anew")
        .isEqualTo("5e85ef19ee5515bc67e80b693f8a62778e07c9ba34a55c6db3143bb097f5f273");
  }

  @Test
  void shouldDescribeItselfToTheRunFolder() {
    assertThat(data.describe().trainRows()).isEqualTo(18_000);
    assertThat(data.describe().validationRows()).isEqualTo(2_000);
    assertThat(data.describe().testRows()).isEqualTo(4_000);
    assertThat(data.describe().fingerprint()).isEqualTo(data.fingerprint());
  }

  @Test
  void shouldBeOtherDrawingsWithAnotherSeed() {
    DataSet other = Strokes.draw(StrokesDifficulty.STANDARD, Strokes.SEED + 1);

    assertThat(other.fingerprint()).isNotEqualTo(data.fingerprint());
    assertThat(other.train().labels()).isEqualTo(data.train().labels());
  }

  @Test
  void shouldHoldEachClassEquallyOftenInEachSplit() {
    for (LabelledRows split : List.of(data.train(), data.validation(), data.test())) {
      int[] counts = new int[20];
      for (int label : split.labels()) {
        counts[label]++;
      }
      assertThat(counts).containsOnly(split.size() / 20);
    }
  }

  @Test
  void shouldTellTenDigitsFromTenGarments() {
    assertThat(data.classes().subList(0, 10))
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertThat(data.classes().subList(10, 20))
        .containsExactly(
            "t-shirt",
            "trouser",
            "pullover",
            "dress",
            "coat",
            "sandal",
            "shirt",
            "sneaker",
            "bag",
            "ankle boot");
    assertThat(data.families().subList(0, 10)).containsOnly(0);
    assertThat(data.families().subList(10, 20)).containsOnly(1);
  }

  @Test
  void shouldNormaliseByItsOwnTrainingPixels() {
    float[] pixels = data.train().rows().floats();
    double sum = 0;
    for (float pixel : pixels) {
      sum += pixel / 255;
    }
    double mean = sum / pixels.length;
    double squares = 0;
    for (float pixel : pixels) {
      squares += (pixel / 255 - mean) * (pixel / 255 - mean);
    }

    assertThat(data.input().normalisation())
        .isEqualTo(
            new InputSpec.Normalisation(
                255, List.of(round(mean)), List.of(round(Math.sqrt(squares / pixels.length)))));
  }

  /**
   * The mean image of a class tells something of it, or labels and drawings would not belong
   * together; and not nearly all, or there would be nothing to learn. Chance is 0.05.
   */
  @Test
  void shouldBeNeitherNoiseNorSolvedByClassMeans() {
    double[][] means = new double[20][784];
    float[] train = data.train().rows().floats();
    for (int row = 0; row < data.train().size(); row++) {
      for (int i = 0; i < 784; i++) {
        means[data.train().labels()[row]][i] += train[row * 784 + i] / 900;
      }
    }
    float[] test = data.test().rows().floats();
    int right = 0;
    for (int row = 0; row < data.test().size(); row++) {
      right += nearest(means, test, row) == data.test().labels()[row] ? 1 : 0;
    }

    assertThat((double) right / data.test().size()).isBetween(0.3, 0.9);
  }

  private static int nearest(double[][] means, float[] pixels, int row) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int c = 0; c < means.length; c++) {
      double distance = 0;
      for (int i = 0; i < 784; i++) {
        double off = pixels[row * 784 + i] - means[c][i];
        distance += off * off;
      }
      if (distance < least) {
        least = distance;
        best = c;
      }
    }
    return best;
  }

  private static double round(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
