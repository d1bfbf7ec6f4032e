package dev.gatehouse.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.trainer.config.DataRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NumPy files that are right, and every way in which they can be wrong. */
class ArrayFilesTest {
  private static final int ROWS = 100;

  @TempDir private Path folder;

  private DataSet npy(byte[] x, byte[] y) throws IOException {
    Path rows = Files.write(folder.resolve("x.npy"), x);
    Path labels = Files.write(folder.resolve("y.npy"), y);
    return DataSets.load(new DataRef.Arrays(rows, labels, 1));
  }

  private DataSet npz(Map<String, byte[]> arrays) throws IOException {
    Path file = folder.resolve("digits.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var array : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(array.getValue());
      }
    }
    return DataSets.load(new DataRef.Arrays(file, null, 1));
  }

  private static byte[] labels(int rows) {
    return array("<i8", "(" + rows + ",)", rows, i -> i % 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<f4", "<f8", "<i4", "<i8"})
  void shouldReadEveryTypeOfNumbers(String type) throws IOException {
    DataSet data = npy(array(type, "(100, 3)", 300, i -> i - 50), labels(ROWS));

    assertThat(data.name()).isEqualTo("x");
    assertThat(data.classes()).containsExactly("0", "1");
    assertThat(data.input().datatype()).isEqualTo(Datatype.FP32);
    assertThat(data.input().shape()).isEqualTo(Shape.of(3));
    float[] train = data.train().rows().floats();
    for (int row = 0; row < data.train().size(); row++) {
      int i = (int) (train[3 * row] + 50) / 3;
      assertThat(train[3 * row + 2]).isEqualTo(train[3 * row] + 2);
      assertThat(data.train().labels()[row]).isEqualTo(i % 2);
    }
  }

  @Test
  void shouldTakeBytesOfTwoDimensionsForGreyImages() throws IOException {
    DataSet data = npy(array("|u1", "(100, 2, 3)", 600, i -> i % 251), labels(ROWS));

    assertThat(data.input().shape()).isEqualTo(Shape.of(1, 2, 3));
    assertThat(data.input().datatype()).isEqualTo(Datatype.UINT8);
    assertThat(data.input().max()).isEqualTo(255);
    assertThat(((InputSpec.Normalisation) data.input().normalisation()).scale()).isEqualTo(255);
  }

  @Test
  void shouldTakeTheSplitThatTheArraysHave() throws IOException {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("x_train", array("<f4", "(6, 1, 2, 2)", 24, i -> i));
    arrays.put("y_train", labels(6));
    arrays.put("x_val", array("<f4", "(2, 1, 2, 2)", 8, i -> 100 + i));
    arrays.put("y_val", labels(2));
    arrays.put("x_test", array("<f4", "(4, 1, 2, 2)", 16, i -> 200 + i));
    arrays.put("y_test", labels(4));
    arrays.put("notes", "no array".getBytes(StandardCharsets.UTF_8));

    DataSet data = npz(arrays);

    assertThat(data.name()).isEqualTo("digits");
    assertThat(data.train().rows().floats()).startsWith(0, 1).hasSize(24);
    assertThat(data.validation().rows().floats()).startsWith(100, 101).hasSize(8);
    assertThat(data.test().rows().floats()).startsWith(200, 201).hasSize(16);
    assertThat(data.test().labels()).containsExactly(0, 1, 0, 1);
  }

  @Test
  void shouldHoldOutAFifthWhereNoValidationArrayIs() throws IOException {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("x_train", array("<f4", "(100, 2)", 200, i -> i));
    arrays.put("y_train", labels(ROWS));
    arrays.put("x_test", array("<f4", "(4, 2)", 8, i -> i));
    arrays.put("y_test", labels(4));

    DataSet data = npz(arrays);

    assertThat(data.validation().size()).isBetween(8, 35);
    assertThat(data.train().size()).isEqualTo(ROWS - data.validation().size());
    assertThat(data.test().size()).isEqualTo(4);
  }

  @Test
  void shouldRefuseElementsAndOrdersThatAreNotRead() {
    refused(
        array(">f4", "(100, 3)", 300, i -> i),
        "x.npy: has elements of type '>f4'; read are |u1, <i4, <i8, <f4, <f8");
    refused(
        replaced(array("<f4", "(100, 3)", 300, i -> i), "'<f4'", "[1,2]"),
        "x.npy: its header is none of a plain array");
    refused(
        replaced(
            array("<f4", "(100, 3)", 300, i -> i),
            "False, 'shape': (100, 3), }",
            "True, 'shape': (100, 3), } "),
        "x.npy: is in Fortran order; save it with numpy.ascontiguousarray first");
  }

  @Test
  void shouldRefuseFilesThatAreNoArrays() throws IOException {
    byte[] good = array("<f4", "(100, 3)", 300, i -> i);
    refused("abc".getBytes(StandardCharsets.UTF_8), "x.npy: is no NPY array");
    refused(Arrays.copyOf(good, 20), "x.npy: cannot be read: it ends within its header");
    refused(Arrays.copyOf(good, good.length - 1), "announces 1200 bytes of elements; 1199 follow");
    refused(Arrays.copyOf(good, good.length + 1), "1200 bytes of elements; more bytes follow");
    refused(
        array("<f4", "(1000000, 1000000)", 300, i -> i),
        "announces [1000000, 1000000] elements of 4 bytes; that is more than is there, or fits");

    Path missing = folder.resolve("none.npz");
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> DataSets.load(new DataRef.Arrays(missing, null, 1)))
        .withMessage(missing + ": no such file");
    Files.write(missing, new byte[100]);
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> DataSets.load(new DataRef.Arrays(missing, null, 1)))
        .withMessageStartingWith(missing + ": cannot be read: ");
  }

  @Test
  void shouldRefuseShapesThatAreNoRows() {
    refused(array("<f4", "(100,)", 100, i -> i), "none of them 0; the array has shape [100]");
    refused(array("<f4", "(100, 0)", 0, i -> i), "none of them 0; the array has shape [100, 0]");
    refused(
        array("|u1", "(100, 8, 8, 3)", 19_200, i -> i % 256),
        "shape [100, 8, 8, 3] has the channels last; they come first: save x.transpose(0, 3, 1, 2)");
    refused(array("<f4", "(99, 3)", 297, i -> i), "x.npy has 99 rows and ", "y.npy 100 labels");
  }

  @Test
  void shouldRefuseNumbersThatAreNotFinite() {
    refused(
        array("<f8", "(100, 3)", 300, i -> i == 7 ? Double.NaN : i),
        "x.npy: row 2 holds NaN, which is no finite 32-bit number");
    refused(
        array("<f8", "(100, 3)", 300, i -> i == 299 ? 1e300 : i),
        "x.npy: row 99 holds 1.0E300, which is no finite 32-bit number");
  }

  @Test
  void shouldRefuseLabelsThatAreNone() throws IOException {
    byte[] x = array("<f4", "(100, 3)", 300, i -> i);
    refusedLabels(
        x, array("<f4", "(100,)", 100, i -> i % 2), "the array has shape [100] and type F4");
    refusedLabels(x, array("<i4", "(100, 2)", 200, i -> i % 2), "has shape [100, 2]");
    refusedLabels(x, array("<i4", "(100,)", 100, i -> i == 3 ? -1 : 0), "row 3 has label -1");
    refusedLabels(x, array("<i4", "(100,)", 100, i -> 0), "holds 1 class");
    refusedLabels(x, array("<i4", "(100,)", 100, i -> i % 2 * 2), "no row of class '1'");
  }

  @Test
  void shouldSayWhichArraysItNeeds() {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> npz(Map.of("x", array("<f4", "(2, 3)", 6, i -> i))))
        .withMessageContaining(
            "has no array y; it needs x and y, or x_train, y_train, x_test and y_test; it has [x]");
  }

  private void refused(byte[] x, String... parts) {
    refusedLabels(x, labels(ROWS), parts);
  }

  private void refusedLabels(byte[] x, byte[] y, String... parts) {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> npy(x, y))
        .withMessageContainingAll(parts)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private static byte[] replaced(byte[] array, String old, String by) {
    String text = new String(array, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(old).satisfies(t -> assertThat(old).hasSameSizeAs(by));
    return text.replace(old, by).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** As NumPy writes it: the header is padded so that the elements begin at a multiple of 64. */
  private static byte[] array(String type, String shape, int elements, IntToDoubleFunction value) {
    String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    int padded = (10 + header.length() + 1 + 63) / 64 * 64;
    int bytes = Character.digit(type.charAt(2), 10);
    ByteBuffer all = ByteBuffer.allocate(padded + bytes * elements).order(ByteOrder.LITTLE_ENDIAN);
    all.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1);
    all.put((byte) 0).putShort((short) (padded - 10));
    all.put(header.getBytes(StandardCharsets.US_ASCII));
    while (all.position() < padded - 1) {
      all.put((byte) ' ');
    }
    all.put((byte) '\n');
    for (int i = 0; i < elements; i++) {
      double v = value.applyAsDouble(i);
      switch (type.substring(1)) {
        case "u1" -> all.put((byte) v);
        case "i4" -> all.putInt((int) v);
        case "i8" -> all.putLong((long) v);
        case "f4" -> all.putFloat((float) v);
        default -> all.putDouble(v);
      }
    }
    return all.array();
  }
}
