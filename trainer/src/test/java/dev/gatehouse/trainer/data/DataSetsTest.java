package dev.gatehouse.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of data sets, and rows. */
class DataSetsTest {
  private static final LabelledRows ROWS =
      new LabelledRows(
          Tensor.of(new float[] {0, 1, 10, 11, 20, 21, 30, 31}, 4, 2), new int[] {0, 1, 2, 0});

  @Test
  void shouldNameEveryDataSet() {
    assertThat(DataSets.names())
        .containsExactly("strokes", "mnist", "fashion-mnist", "cifar-10", "cifar-100");
  }

  @Test
  void shouldListTheKnownNamesWhenOneIsUnknown() {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> DataSets.load("mnits", Path.of(".")))
        .withMessage(
            "unknown data set 'mnits'; known are strokes, mnist, fashion-mnist, cifar-10, cifar-100;"
                + " your own are named by a path: ./mnits for a folder of images, TABLE.csv,"
                + " ROWS.npy,LABELS.npy or BOTH.npz");
  }

  @Test
  void shouldSliceRowsWithTheirLabels() {
    LabelledRows slice = ROWS.slice(1, 3);

    assertThat(slice.rows().shape()).containsExactly(2, 2);
    assertThat(slice.rows().floats()).containsExactly(10, 11, 20, 21);
    assertThat(slice.labels()).containsExactly(1, 2);
    assertThat(ROWS.slice(2, 2).size()).isZero();
  }

  @Test
  void shouldTakeRowsInTheOrderAskedFor() {
    LabelledRows taken = ROWS.slice(1, 4).take(new int[] {2, 0, 2});

    assertThat(taken.rows().floats()).containsExactly(30, 31, 10, 11, 30, 31);
    assertThat(taken.labels()).containsExactly(0, 1, 0);
  }

  @Test
  void shouldRefuseRowsThatAreNotThere() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> ROWS.take(new int[] {4}));
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> ROWS.slice(3, 5));
  }

  @Test
  void shouldRefuseALabelTooMany() {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> new LabelledRows(ROWS.rows(), new int[5]))
        .withMessageContaining("rows=[4, 2], labels=5");
  }

  @Test
  void shouldFingerprintRowsAndLabelsOfTheSplitsInOrder() throws Exception {
    LabelledRows train = image((byte) 7, 1);
    LabelledRows validation = image((byte) 8, 0);
    LabelledRows test = image((byte) 9, 1);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int[] row : new int[][] {{7, 1}, {8, 0}, {9, 1}}) {
      byte[] pixels = new byte[784];
      java.util.Arrays.fill(pixels, (byte) row[0]);
      digest.update(pixels);
      digest.update(new byte[] {(byte) row[1], 0, 0, 0});
    }

    assertThat(dataSet(train, validation, test).fingerprint())
        .isEqualTo(HexFormat.of().formatHex(digest.digest()));
  }

  @Test
  void shouldRefuseALabelBeyondTheClasses() {
    LabelledRows good = image((byte) 1, 0);

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> dataSet(good, image((byte) 1, 2), good))
        .withMessageContaining("label=2, classes=2");
  }

  @Test
  void shouldRefuseRowsThatDoNotFitTheInput() {
    LabelledRows good = image((byte) 1, 0);

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> dataSet(good, good, ROWS))
        .withMessageContaining("rows must have shape [1, 28, 28]; rows=[4, 2]");
  }

  private static LabelledRows image(byte grey, int label) {
    byte[] pixels = new byte[784];
    java.util.Arrays.fill(pixels, grey);
    return IdxSource.greyImages(pixels, new int[] {label});
  }

  private static DataSet dataSet(LabelledRows train, LabelledRows validation, LabelledRows test) {
    return new DataSet(
        "two",
        "none",
        IdxSource.greyImage(0.5, 0.25),
        List.of("a", "b"),
        List.of(),
        train,
        validation,
        test);
  }
}
