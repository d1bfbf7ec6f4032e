package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.NpyArray;
import dev.gatehouse.proto.file.Safetensors.DType;
import dev.gatehouse.proto.file.Safetensors.Tensor;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.InputSpec.Datatype;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.trainer.config.DataRef;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * NumPy arrays of rows and labels: two {@code .npy} files, or one {@code .npz} with {@code x} and
 * {@code y}, or with {@code x_train}, {@code y_train}, {@code x_test}, {@code y_test} and perhaps
 * {@code x_validation}, {@code y_validation} (or {@code x_val}, {@code y_val}).
 *
 * <p>Rows are [n, features], [n, height, width] or [n, channels, height, width]; bytes stay bytes,
 * all else becomes 32-bit floats. Labels are whole numbers from 0.
 *
 * @param ref the files
 */
record ArrayFiles(DataRef.Arrays ref) {
  /** A label above it is taken for a mistake. */
  private static final int MOST_CLASSES = 100_000;

  /** Rows with what a row of its bytes is for. */
  private record Part(LabelledRows rows, Function<ByteBuffer, Split> split) {}

  /**
   * Reads every row.
   *
   * @throws BadInput when a file is missing, broken or of another form, or arrays do not fit
   */
  DataSet load() {
    List<Part> parts = parts(ref.labels() == null ? npz() : npy(ref.labels()));
    LabelledRows rows = joined(parts);
    return new OwnData(ref.name(), ref.rows().toString(), classes(rows), rows, splits(parts))
        .split(ArrayFiles::input);
  }

  private List<Part> parts(Map<String, NpyArray> arrays) {
    HashSplit hash = new HashSplit(ref.seed());
    if (arrays.containsKey("x")) {
      return List.of(part(arrays, "", hash::of));
    }
    List<Part> parts = new ArrayList<>();
    for (String suffix : List.of("_validation", "_val")) {
      if (arrays.containsKey("x" + suffix)) {
        parts.add(part(arrays, suffix, row -> Split.VALIDATION));
      }
    }
    parts.add(part(arrays, "_train", parts.isEmpty() ? hash::ofTraining : row -> Split.TRAIN));
    parts.add(part(arrays, "_test", row -> Split.TEST));
    return parts;
  }

  // --- files -----------------------------------------------------------------------------------

  private Map<String, NpyArray> npy(Path labels) {
    return Map.of("x", NpyArray.read(ref.rows()), "y", NpyArray.read(labels));
  }

  private Map<String, NpyArray> npz() {
    if (!Files.isRegularFile(ref.rows())) {
      throw new BadInput(ref.rows() + ": no such file");
    }
    Map<String, NpyArray> arrays = new TreeMap<>();
    try (ZipFile zip = new ZipFile(ref.rows().toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String name = entry.getName().replaceFirst("\\.npy$", "");
        if (name.matches("[xy](_train|_test|_val|_validation)?")) {
          try (InputStream in = new BufferedInputStream(zip.getInputStream(entry), 1 << 16)) {
            arrays.put(name, NpyArray.read(ref.rows() + ", array " + name, in, entry.getSize()));
          }
        }
      }
    } catch (IOException e) {
      throw new BadInput(ref.rows() + ": cannot be read: " + e.getMessage(), e);
    }
    return arrays;
  }

  // --- rows ------------------------------------------------------------------------------------

  private Part part(
      Map<String, NpyArray> arrays, String suffix, Function<ByteBuffer, Split> split) {
    NpyArray x = array(arrays, "x" + suffix);
    NpyArray y = array(arrays, "y" + suffix);
    if (y.shape().size() != 1 || !y.type().isWhole()) {
      throw new BadInput(
          "%s: labels are whole numbers of shape [n]; the array has shape %s and type %s"
              .formatted(y.where(), y.shape(), y.type()));
    }
    if (x.rows() != y.rows()) {
      throw new BadInput(
          "%s has %d rows and %s %d labels; they must be equally many"
              .formatted(x.where(), x.rows(), y.where(), y.rows()));
    }
    return new Part(new LabelledRows(tensor(x), labels(y)), split);
  }

  private NpyArray array(Map<String, NpyArray> arrays, String name) {
    NpyArray array = arrays.get(name);
    if (array == null) {
      throw new BadInput(
          "%s: has no array %s; it needs x and y, or x_train, y_train, x_test and y_test; it has %s"
              .formatted(ref.rows(), name, arrays.keySet()));
    }
    return array;
  }

  private static Tensor tensor(NpyArray x) {
    List<Integer> shape = new ArrayList<>(x.shape());
    if (shape.size() == 3) {
      shape.add(1, 1);
    }
    if ((shape.size() != 2 && shape.size() != 4) || shape.contains(0)) {
      throw new BadInput(
          "%s: rows are [n, features], [n, height, width] or [n, channels, height, width], none of"
                  .formatted(x.where())
              + " them 0; the array has shape "
              + x.shape());
    }
    if (shape.size() == 4 && shape.get(3) <= 4 && shape.get(1) > 4) {
      throw new BadInput(
          "%s: shape %s has the channels last; they come first: save x.transpose(0, 3, 1, 2)"
              .formatted(x.where(), x.shape()));
    }
    if (x.type() == NpyArray.Type.U1) {
      return new Tensor(DType.U8, shape, x.data());
    }
    return new Tensor(DType.F32, shape, x.floats());
  }

  private static int[] labels(NpyArray y) {
    int[] labels = new int[y.rows()];
    for (int i = 0; i < labels.length; i++) {
      double label = y.get(i);
      if (label < 0 || label > MOST_CLASSES) {
        throw new BadInput(
            "%s: row %d has label %.0f; labels are 0 to the number of classes less 1, at most %d"
                .formatted(y.where(), i, label, MOST_CLASSES));
      }
      labels[i] = (int) label;
    }
    return labels;
  }

  private static LabelledRows joined(List<Part> parts) {
    LabelledRows first = parts.get(0).rows();
    List<Integer> shape = new ArrayList<>(first.rows().shape());
    int count = 0;
    long bytes = 0;
    for (Part part : parts) {
      Tensor rows = part.rows().rows();
      if (rows.dtype() != first.rows().dtype()
          || !rows.shape().subList(1, shape.size()).equals(shape.subList(1, shape.size()))) {
        throw new BadInput(
            "the arrays of rows must be of one type and one shape; %s %s and %s %s"
                .formatted(first.rows().dtype(), first.rows().shape(), rows.dtype(), rows.shape()));
      }
      count += part.rows().size();
      bytes += rows.data().remaining();
    }
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new BadInput(
          "the arrays of rows have %d bytes together, more than fit".formatted(bytes));
    }
    ByteBuffer all = ByteBuffer.allocate((int) bytes);
    parts.forEach(part -> all.put(part.rows().rows().data()));
    shape.set(0, count);
    int[] labels =
        parts.stream().flatMapToInt(part -> IntStream.of(part.rows().labels())).toArray();
    return new LabelledRows(new Tensor(first.rows().dtype(), shape, all.flip()), labels);
  }

  private static List<String> classes(LabelledRows rows) {
    int largest = IntStream.of(rows.labels()).max().orElse(0);
    return IntStream.rangeClosed(0, largest).mapToObj(Integer::toString).toList();
  }

  private static List<Split> splits(List<Part> parts) {
    List<Split> splits = new ArrayList<>();
    for (Part part : parts) {
      ByteBuffer data = part.rows().rows().data();
      int bytes = data.remaining() / part.rows().size();
      for (int row = 0; row < part.rows().size(); row++) {
        splits.add(part.split().apply(data.slice(row * bytes, bytes)));
      }
    }
    return splits;
  }

  private static InputSpec input(LabelledRows train) {
    List<Integer> shape = train.rows().shape();
    boolean bytes = train.rows().dtype() == DType.U8;
    return new InputSpec(
        shape.size() == 4 ? "image" : "features",
        bytes ? Datatype.UINT8 : Datatype.FP32,
        new Shape(shape.subList(1, shape.size())),
        bytes ? 0 : -Float.MAX_VALUE,
        bytes ? 255 : Float.MAX_VALUE,
        Moments.of(train.rows()));
  }
}
