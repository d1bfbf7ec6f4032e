package dev.gatehouse.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatehouse.proto.BadInput;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** IDX folders that are right, and every way in which they can be wrong. */
class IdxSourceTest {
  private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
  private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
  private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
  private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";
  private static final int PIXELS = 28 * 28;

  private static final IdxSource TINY =
      new IdxSource("tiny", "none", List.of("a", "b", "c"), 0.5, 0.25, 2);

  @TempDir Path folder;

  @BeforeEach
  void writeGoodFiles() throws IOException {
    write(TRAIN_IMAGES, images(0x803, 5, 28, 28, 5 * PIXELS));
    write(TRAIN_LABELS, labels(0x801, 5, 0, 1, 2, 1, 0));
    write(TEST_IMAGES, images(0x803, 3, 28, 28, 3 * PIXELS));
    write(TEST_LABELS, labels(0x801, 3, 2, 1, 0));
  }

  @Test
  void shouldHoldOutTheLastTrainingRows() {
    DataSet data = TINY.load(folder);

    assertThat(data.train().labels()).containsExactly(0, 1, 2);
    assertThat(data.validation().labels()).containsExactly(1, 0);
    assertThat(data.test().labels()).containsExactly(2, 1, 0);
    assertThat(data.validation().rows().shape()).containsExactly(2, 1, 28, 28);
    // Pixel i of the file has the value i modulo 251; validation begins at row 3.
    assertThat(data.validation().rows().data().get(5) & 0xff).isEqualTo((3 * PIXELS + 5) % 251);
  }

  @Test
  void shouldReadGzipAndPlainFilesAlikeWhateverTheirName() throws IOException {
    String plain = TINY.load(folder).fingerprint();
    for (String name : List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)) {
      byte[] bytes = Files.readAllBytes(folder.resolve(name));
      Files.delete(folder.resolve(name));
      write(name + ".gz", gzip(bytes));
    }
    write(TEST_LABELS, gzip(labels(0x801, 3, 2, 1, 0)));

    assertThat(TINY.load(folder).fingerprint()).isEqualTo(plain);
  }

  @Test
  void shouldLookIntoTheFolderOfItsNameBelow() throws IOException {
    Path below = Files.createDirectory(folder.resolve("tiny"));
    for (String name : List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)) {
      Files.move(folder.resolve(name), below.resolve(name));
    }

    assertThat(TINY.load(folder).test().size()).isEqualTo(3);
  }

  @Test
  void shouldSayWhichFileToPutWhere() throws IOException {
    Files.delete(folder.resolve(TEST_LABELS));

    refused(TEST_LABELS + " is missing in " + folder, "put the tiny file " + TEST_LABELS + ".gz");
  }

  @Test
  void shouldRefuseAFolderThatIsNone() {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> TINY.load(folder.resolve("nowhere")))
        .withMessageContaining("nowhere is no folder");
  }

  @Test
  void shouldRefuseAnotherMagicNumber() throws IOException {
    write(TRAIN_IMAGES, images(0x801, 5, 28, 28, 5 * PIXELS));

    refused(TRAIN_IMAGES, "magic number 0x00000801", "begins with 0x00000803");
  }

  @Test
  void shouldRefuseImagesInPlaceOfLabels() throws IOException {
    write(TRAIN_LABELS, images(0x803, 5, 28, 28, 5 * PIXELS));

    refused(TRAIN_LABELS, "magic number 0x00000803", "begins with 0x00000801");
  }

  @Test
  void shouldRefuseATruncatedBody() throws IOException {
    write(TRAIN_IMAGES, images(0x803, 5, 28, 28, 5 * PIXELS - 20));

    refused(
        TRAIN_IMAGES, "truncated", "announces 5 images, 3920 bytes; the file has room for 3900");

    write(TRAIN_IMAGES, gzip(images(0x803, 5, 28, 28, 5 * PIXELS - 20)));

    refused(TRAIN_IMAGES, "truncated", "announces 5 images, 3920 bytes; 3900 follow");
  }

  @Test
  void shouldRefuseATruncatedHeader() throws IOException {
    write(TRAIN_IMAGES, Arrays.copyOf(images(0x803, 5, 28, 28, 0), 10));

    refused(TRAIN_IMAGES, "truncated", "takes 16 bytes; the file has 10");
  }

  @Test
  void shouldRefuseAnEmptyFile() throws IOException {
    write(TRAIN_LABELS, new byte[0]);

    refused(TRAIN_LABELS, "truncated", "takes 8 bytes; the file has 0");
  }

  @Test
  void shouldRefuseAnAnnouncementBeyondTheFileBeforeItAllocates() throws IOException {
    write(TRAIN_IMAGES, images(0x803, 0xffff_ffff, 28, 28, PIXELS));
    refused(TRAIN_IMAGES, "announces 4294967295 images", "room for 784");

    write(TRAIN_IMAGES, gzip(images(0x803, 2_000_000, 28, 28, PIXELS)));
    refused(TRAIN_IMAGES, "announces 2000000 images", "the file has room for");
  }

  @Test
  void shouldRefuseBytesAfterTheLastImage() throws IOException {
    write(TRAIN_IMAGES, images(0x803, 5, 28, 28, 5 * PIXELS + 1));
    refused(TRAIN_IMAGES, "over-long", "more bytes follow the 5 images");

    write(TRAIN_IMAGES, gzip(images(0x803, 5, 28, 28, 5 * PIXELS + 1)));
    refused(TRAIN_IMAGES, "over-long");
  }

  @Test
  void shouldRefuseAGzipStreamThatIsCutShortAnywhere() throws IOException {
    byte[] whole = gzip(labels(0x801, 5, 0, 1, 2, 1, 0));
    for (int length = 2; length < whole.length; length++) {
      write(TRAIN_LABELS, Arrays.copyOf(whole, length));
      refused(TRAIN_LABELS, "the gzip stream is cut short");
    }
  }

  @Test
  void shouldRefuseAGzipStreamWithAWrongChecksum() throws IOException {
    byte[] damaged = gzip(labels(0x801, 5, 0, 1, 2, 1, 0));
    damaged[damaged.length - 8] ^= 1;
    write(TRAIN_LABELS, damaged);

    refused(TRAIN_LABELS, "the gzip stream is damaged");
  }

  @Test
  void shouldRefuseCountsThatDiffer() throws IOException {
    write(TRAIN_LABELS, labels(0x801, 4, 0, 1, 2, 1));

    refused(TRAIN_LABELS + " holds 4 labels", TRAIN_IMAGES + " 5 images");
  }

  @Test
  void shouldRefuseALabelOutsideTheClasses() throws IOException {
    write(TRAIN_LABELS, labels(0x801, 5, 0, 1, 2, 3, 0));
    refused(TRAIN_LABELS, "row 3 has label 3", "[0, 3)");

    write(TRAIN_LABELS, labels(0x801, 5, 0, 1, 2, 1, 255));
    refused(TRAIN_LABELS, "row 4 has label 255");
  }

  @Test
  void shouldRefuseImagesOfAnotherSize() throws IOException {
    write(TRAIN_IMAGES, images(0x803, 5, 14, 56, 5 * PIXELS));

    refused(TRAIN_IMAGES, "images of 14 x 56 pixels; they must be 28 x 28");
  }

  @Test
  void shouldRefuseATrainingFileWithNothingLeftToTrainOn() throws IOException {
    write(TRAIN_IMAGES, images(0x803, 2, 28, 28, 2 * PIXELS));
    write(TRAIN_LABELS, labels(0x801, 2, 0, 1));

    refused("the last 2 training rows are held out", "rows=2");
  }

  private void refused(String... parts) {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> TINY.load(folder))
        .withMessageContainingAll(parts)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  private static byte[] images(int magic, int count, int height, int width, int bodyBytes)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (int number : new int[] {magic, count, height, width}) {
      out.writeInt(number);
    }
    for (int i = 0; i < bodyBytes; i++) {
      out.writeByte(i % 251);
    }
    return bytes.toByteArray();
  }

  private static byte[] labels(int magic, int count, int... labels) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(magic);
    out.writeInt(count);
    for (int label : labels) {
      out.writeByte(label);
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }
}
