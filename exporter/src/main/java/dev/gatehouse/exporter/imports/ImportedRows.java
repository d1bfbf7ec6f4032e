package dev.gatehouse.exporter.imports;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.file.NpyArray;
import dev.gatehouse.proto.file.Safetensors.DType;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Rows on which an imported model is measured against its files.
 *
 * @param rows raw values, U8 or F32 {@code [n, shape of a row]}
 * @param labels {@code [n]} true classes; null where nobody knows them
 */
record ImportedRows(Tensor rows, int @Nullable [] labels) {

  /** Values that are held and run at once; those of 256 rows of images [3, 295, 295]. */
  private static final int MOST_VALUES = 1 << 26;

  /**
   * Rows that are drawn, tested and run at once: {@link SelfTest#ROWS}, or fewer where they are
   * large, and 1 at least.
   */
  static int atOnce(int elements) {
    return Math.min(SelfTest.ROWS, Math.max(1, MOST_VALUES / elements));
  }

  /**
   * Checks that a row's floats fit into one array of bytes.
   *
   * @throws BadInput when they do not
   */
  static void requireHeld(Shape row) {
    int most = Integer.MAX_VALUE / Float.BYTES;
    if (row.elements() > most) {
      throw new BadInput(
          "a row of the shape %s has %d values; at most %d are served"
              .formatted(row, row.elements(), most));
    }
  }

  /** Number of rows. */
  int size() {
    return rows.shape().get(0);
  }

  /** Values a row. */
  int elements() {
    return rows.shape().stream().skip(1).reduce(1, Math::multiplyExact);
  }

  /**
   * Writes values as the files take them, row-major, to the beginning of {@code to}. Only those of
   * some rows at a time: many rows of bytes may be held that as floats would find no room.
   */
  void put(InputSpec input, int from, int count, FloatBuffer to) {
    InputSpec.Normalisation by = (InputSpec.Normalisation) input.normalisation();
    double[] mean = by.mean().stream().mapToDouble(Double::doubleValue).toArray();
    double[] std = by.std().stream().mapToDouble(Double::doubleValue).toArray();
    int perChannel = input.elementsPerChannel();
    int elements = elements();
    boolean bytes = rows.dtype() == DType.U8;
    ByteBuffer raw = rows.data().position(from * elements * rows.dtype().bytes());
    for (int i = 0; i < count * elements; ) {
      int channel = i / perChannel % mean.length;
      for (int end = i + perChannel; i < end; i++) {
        float value = bytes ? raw.get() & 0xff : raw.getFloat();
        to.put(i, (float) ((value / by.scale() - mean[channel]) / std[channel]));
      }
    }
  }

  /**
   * Reads rows.
   *
   * @throws BadInput when a file is missing, broken or of another shape
   */
  static ImportedRows read(ImportOptions.Given given, Shape shape) {
    NpyArray array = NpyArray.read(given.rows());
    List<Integer> row = new ArrayList<>(array.shape());
    if (row.size() == shape.dims().size() && shape.dims().get(0) == 1) {
      row.add(1, 1);
    }
    if (array.rows() < 1 || !row.equals(shape.batched(array.rows()))) {
      throw new BadInput(
          "%s: rows have the shape [n, %s]; the array has the shape %s"
              .formatted(given.rows(), shape.toString().replaceAll("[\\[\\]]", ""), array.shape()));
    }
    Tensor rows =
        array.type() == NpyArray.Type.U1
            ? new Tensor(DType.U8, row, array.data())
            : new Tensor(DType.F32, row, array.floats());
    return new ImportedRows(rows, labels(given.labels(), array.rows()));
  }

  private static int @Nullable [] labels(@Nullable Path file, int rows) {
    if (file == null) {
      return null;
    }
    NpyArray array = NpyArray.read(file);
    if (!array.shape().equals(List.of(rows)) || !array.type().isWhole()) {
      throw new BadInput(
          "%s: labels are whole numbers of the shape [%d]; the array has the shape %s and the type %s"
              .formatted(file, rows, array.shape(), array.type()));
    }
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      double label = array.get(i);
      if (label < 0 || label > Integer.MAX_VALUE) {
        throw new BadInput("%s: row %d has the label %.0f".formatted(file, i, label));
      }
      labels[i] = (int) label;
    }
    return labels;
  }

  /**
   * Draws rows evenly from a range: whole numbers of bytes, else any.
   *
   * @param shape of a row, of {@link #requireHeld} size
   */
  static ImportedRows draw(long seed, Shape shape, Datatype datatype, ImportOptions.Range range) {
    int n = atOnce(shape.elements());
    Random random = new Random(seed);
    boolean bytes = datatype == Datatype.UINT8;
    int elements = n * shape.elements();
    ByteBuffer data =
        ByteBuffer.allocate(bytes ? elements : Math.multiplyExact(4, elements))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      double drawn = random.nextDouble();
      if (bytes) {
        data.put((byte) (range.min() + Math.floor(drawn * (range.max() - range.min() + 1))));
      } else {
        data.putFloat((float) (range.min() + drawn * (range.max() - range.min())));
      }
    }
    return new ImportedRows(
        new Tensor(bytes ? DType.U8 : DType.F32, shape.batched(n), data.flip()), null);
  }

  /** The first rows, at most {@code most}. */
  ImportedRows first(int most) {
    int n = Math.min(most, size());
    List<Integer> shape = new ArrayList<>(rows.shape());
    shape.set(0, n);
    ByteBuffer data = rows.data();
    data.limit(data.limit() / size() * n);
    return new ImportedRows(
        new Tensor(rows.dtype(), shape, data), labels == null ? null : Arrays.copyOf(labels, n));
  }
}
