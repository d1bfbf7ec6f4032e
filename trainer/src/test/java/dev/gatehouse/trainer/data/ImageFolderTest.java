package dev.gatehouse.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec.Normalisation;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.trainer.config.DataRef;
import dev.gatehouse.trainer.config.DataRef.ImageSize;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of images that are right, and every way in which they can be wrong. */
class ImageFolderTest {
  private static final int EACH = 40;

  @TempDir private Path folder;

  /** Image i of class c is grey with the value 100 c + i, so that a row tells what it was. */
  private void twoClasses() throws IOException {
    for (int i = 0; i < EACH; i++) {
      write("night/" + i + ".png", grey(3, 5, i));
      write("day/" + i + ".png", grey(3, 5, 100 + i));
    }
  }

  private DataSet load() {
    return load(null, null);
  }

  private DataSet load(@Nullable ImageSize size, @Nullable Integer channels) {
    return DataSets.load(new DataRef.Images(folder, size, channels, 1));
  }

  @Test
  void shouldTakeFoldersAsClassesAndSplitTheirImages() throws IOException {
    twoClasses();
    Files.createDirectory(folder.resolve(".thumbnails"));
    Files.writeString(folder.resolve("day/.DS_Store"), "no image");

    DataSet data = load();

    assertThat(data.name()).isEqualTo(folder.getFileName().toString());
    assertThat(data.classes()).containsExactly("day", "night");
    assertThat(data.input().shape()).isEqualTo(Shape.of(1, 3, 5));
    assertThat(data.train().size() + data.validation().size() + data.test().size())
        .isEqualTo(2 * EACH);
    assertThat(data.train().size()).isBetween(50, 75);
    for (LabelledRows split : List.of(data.train(), data.validation(), data.test())) {
      for (int row = 0; row < split.size(); row++) {
        int value = split.rows().data().get(15 * row) & 0xff;
        assertThat(split.labels()[row]).isEqualTo(value >= 100 ? 0 : 1);
      }
    }
  }

  @Test
  void shouldNormaliseByTheTrainingImagesAlone() throws IOException {
    twoClasses();

    DataSet data = load();

    double sum = 0;
    double squares = 0;
    for (float value : data.train().rows().floats()) {
      sum += value / 255;
      squares += value / 255 * value / 255;
    }
    double mean = sum / (15 * data.train().size());
    double std = Math.sqrt(squares / (15 * data.train().size()) - mean * mean);
    var normalisation = (Normalisation) data.input().normalisation();
    assertThat(normalisation.scale()).isEqualTo(255);
    assertThat(normalisation.mean().get(0)).isCloseTo(mean, within(1e-6));
    assertThat(normalisation.std().get(0)).isCloseTo(std, within(1e-6));
  }

  @Test
  void shouldLeaveEveryImageInItsSplitWhenOthersCome() throws IOException {
    twoClasses();
    Map<Integer, String> before = places(load());

    for (int i = 0; i < EACH; i++) {
      write("day/new-" + i + ".png", grey(3, 5, 200 + i));
    }
    Map<Integer, String> after = places(load());

    assertThat(after).containsAllEntriesOf(before).hasSize(3 * EACH);
    DataSet other = DataSets.load(new DataRef.Images(folder, null, null, 2));
    assertThat(places(other)).isNotEqualTo(after);
  }

  @Test
  void shouldTakeTheFoldersOfASplitThatThereIs() throws IOException {
    for (String split : List.of("train", "val", "test")) {
      for (int i = 0; i < 5; i++) {
        write(split + "/b/" + i + ".png", grey(4, 4, i));
        if (!split.equals("val")) {
          write(split + "/a/" + i + ".png", grey(4, 4, 50 + i));
        }
      }
    }

    DataSet data = load();

    assertThat(data.classes()).containsExactly("a", "b");
    assertThat(data.train().labels()).containsExactly(0, 0, 0, 0, 0, 1, 1, 1, 1, 1);
    assertThat(data.validation().labels()).containsExactly(1, 1, 1, 1, 1);
    assertThat(data.test().size()).isEqualTo(10);
  }

  @Test
  void shouldHoldOutAFifthWhereNoValidationFolderIs() throws IOException {
    for (int i = 0; i < EACH; i++) {
      write("train/a/" + i + ".png", grey(4, 4, i));
      write("train/b/" + i + ".png", grey(4, 4, 100 + i));
    }
    write("test/a/0.png", grey(4, 4, 250));

    DataSet data = load();

    assertThat(data.validation().size()).isBetween(6, 26);
    assertThat(data.train().size()).isEqualTo(2 * EACH - data.validation().size());
    assertThat(data.test().size()).isEqualTo(1);
  }

  @Test
  void shouldTakeAClassThatIsCalledTrainForAClass() throws IOException {
    for (int i = 0; i < EACH; i++) {
      write("train/" + i + ".png", grey(4, 4, i));
      write("tram/" + i + ".png", grey(4, 4, i));
    }

    assertThat(load().classes()).containsExactly("train", "tram");
  }

  @Test
  void shouldKeepColoursWhereOneImageHasThem() throws IOException {
    twoClasses();
    BufferedImage red = new BufferedImage(5, 3, BufferedImage.TYPE_INT_RGB);
    red.setRGB(0, 0, 0xff0000);
    write("day/red.png", red);

    assertThat(load().input().shape()).isEqualTo(Shape.of(3, 3, 5));
    assertThat(load(null, 1).input().shape()).isEqualTo(Shape.of(1, 3, 5));
  }

  @Test
  void shouldSeeThatImagesSavedWithColoursAreGrey() throws IOException {
    for (int i = 0; i < EACH; i++) {
      BufferedImage image = new BufferedImage(5, 3, BufferedImage.TYPE_INT_RGB);
      image.setRGB(1, 1, 0x010101 * i);
      write("a/" + i + ".png", image);
      write("b/" + i + ".png", grey(3, 5, i));
    }

    assertThat(load().input().shape()).isEqualTo(Shape.of(1, 3, 5));
  }

  @Test
  void shouldAskForASizeWhereImagesDiffer() throws IOException {
    twoClasses();
    write("night/large.png", grey(6, 10, 7));

    refused(
        "images differ in size (height x width): ",
        "has 3x5",
        "night/large.png has 6x10",
        "--image-size 28x28");
    assertThat(load(new ImageSize(2, 3), null).input().shape()).isEqualTo(Shape.of(1, 2, 3));
  }

  @Test
  void shouldNameTheFileThatIsNoSoundImage() throws IOException {
    twoClasses();
    Path file = folder.resolve("day/7.png");
    byte[] sound = Files.readAllBytes(file);

    Files.write(file, java.util.Arrays.copyOf(sound, sound.length / 2));
    refused(file + ": is damaged: ");
    Files.writeString(file, "GIF89a");
    refused(file + ": is neither PNG nor JPEG");
    Files.write(file, new byte[0]);
    refused(file + ": is neither PNG nor JPEG");
    Files.delete(file);
    Files.createDirectory(file);
    refused(file + ": is no file; the images of a class lie in its folder itself");
  }

  @Test
  void shouldRefuseFoldersThatAreNoClasses() throws IOException {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> DataSets.load(new DataRef.Images(folder.resolve("none"), null, null, 1)))
        .withMessageEndingWith("none: no such folder");
    refused(folder + ": holds no folders; make one for each class");

    for (int i = 0; i < EACH; i++) {
      write("only/" + i + ".png", grey(3, 5, i));
    }
    refused(folder + ": holds 1 class; a classifier needs two or more");

    Files.createDirectory(folder.resolve("void"));
    refused(folder.resolve("void") + ": is a class without images");
  }

  @Test
  void shouldRefuseAClassThatNothingTrains() throws IOException {
    twoClasses();
    Set<String> held = new HashSet<>();
    for (int i = 0; held.isEmpty(); i++) {
      if (new HashSplit(1).of("rare/" + i + ".png") != Split.TRAIN) {
        held.add("rare/" + i + ".png");
        write("rare/" + i + ".png", grey(3, 5, i));
      }
    }

    refused("no row of class 'rare' falls to the training rows", "--split-seed");
  }

  @Test
  void shouldRefuseASplitThatIsNotWhole() throws IOException {
    write("train/a/0.png", grey(4, 4, 0));
    write("train/b/0.png", grey(4, 4, 0));
    refused("has train/ with classes in it, and needs test/ as well");

    write("test/c/0.png", grey(4, 4, 0));
    refused("test/c: is a class without a folder in train/");
  }

  private void refused(String... parts) {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(this::load)
        .withMessageContainingAll(parts)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  /** Which split the image of each value is in. */
  private static Map<Integer, String> places(DataSet data) {
    Map<Integer, String> places = new HashMap<>();
    Map<String, LabelledRows> splits =
        Map.of("train", data.train(), "validation", data.validation(), "test", data.test());
    splits.forEach(
        (name, rows) -> {
          for (int row = 0; row < rows.size(); row++) {
            places.put(rows.rows().data().get(15 * row) & 0xff, name);
          }
        });
    return places;
  }

  private static BufferedImage grey(int height, int width, int value) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < height * width; i++) {
      image.getRaster().setSample(i % width, i / width, 0, value);
    }
    return image;
  }

  private void write(String name, BufferedImage image) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }
}
