package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.Shape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * CIFAR-10 or CIFAR-100 in the binary form of their release: records of one or two label bytes and
 * 1,024 red, green and blue bytes each, 32 x 32 row-major.
 *
 * @param name as {@code --dataset} takes it; also the folder that is tried below {@code --data-dir}
 * @param files the files of the release
 * @param coarseLabel true where a record's first byte is the label of a family of classes
 * @param classCount number of classes
 * @param mean [channels] of the training pixels divided by 255
 * @param std [channels] of the training pixels divided by 255
 */
record CifarSource(
    String name,
    Files files,
    boolean coarseLabel,
    int classCount,
    List<Double> mean,
    List<Double> std) {
  private static final Shape SHAPE = Shape.of(3, 32, 32);
  private static final int PIXELS = 3 * 32 * 32;

  private static final String LICENCE =
      "none stated, cite: A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009";

  /**
   * Names of the release's files.
   *
   * @param archive the {@code .tar.gz} as it is downloaded
   * @param folder the folder in it
   * @param train training rows, in this order
   * @param test test rows
   * @param classNames the classes' names, one a line
   */
  record Files(String archive, String folder, List<String> train, String test, String classNames) {
    private List<String> all() {
      List<String> all = new ArrayList<>(train);
      all.addAll(List.of(test, classNames));
      return all;
    }
  }

  /** Mean and standard deviation are those of all training pixels. */
  static final CifarSource CIFAR_10 =
      new CifarSource(
          "cifar-10",
          new Files(
              "cifar-10-binary.tar.gz",
              "cifar-10-batches-bin",
              List.of(
                  "data_batch_1.bin",
                  "data_batch_2.bin",
                  "data_batch_3.bin",
                  "data_batch_4.bin",
                  "data_batch_5.bin"),
              "test_batch.bin",
              "batches.meta.txt"),
          false,
          10,
          List.of(0.4914, 0.4822, 0.4465),
          List.of(0.2470, 0.2435, 0.2616));

  /** Mean and standard deviation are those of arXiv 2302.14703's authors. */
  static final CifarSource CIFAR_100 =
      new CifarSource(
          "cifar-100",
          new Files(
              "cifar-100-binary.tar.gz",
              "cifar-100-binary",
              List.of("train.bin"),
              "test.bin",
              "fine_label_names.txt"),
          true,
          100,
          List.of(0.5074, 0.4867, 0.4411),
          List.of(0.2011, 0.1987, 0.2025));

  /**
   * Reads the release. The last fifth of the training rows is held out.
   *
   * @param dataDir folder with the archive or the unpacked files, or with a folder called {@link
   *     #name} or as the archive's own that has them
   * @throws BadInput when a file is missing, broken, or has fewer rows than can be split
   */
  DataSet load(Path dataDir) {
    PackedFiles packed =
        PackedFiles.find(dataDir, name, files.archive(), files.folder(), Set.copyOf(files.all()));
    List<String> classes = classes(packed);
    int[] families = new int[classCount];
    Arrays.fill(families, -1);
    LabelledRows known = rows(packed, files.train(), families);
    LabelledRows test = rows(packed, List.of(files.test()), families);
    int kept = known.size() - known.size() / 5;
    if (kept == known.size()) {
      throw new BadInput(
          "%s: the last fifth of the training rows is held out, so five or more are needed; rows=%d"
              .formatted(packed.where(), known.size()));
    }
    return new DataSet(
        name,
        LICENCE,
        ByteImages.input(SHAPE, mean, std),
        classes,
        coarseLabel ? complete(packed, classes, families) : List.of(),
        known.slice(0, kept),
        known.slice(kept, known.size()),
        test);
  }

  private List<String> classes(PackedFiles packed) {
    List<String> classes =
        new String(packed.bytes(files.classNames()), StandardCharsets.UTF_8)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    if (classes.size() != classCount) {
      throw new BadInput(
          "%s names %d classes, one a line; they must be %d"
              .formatted(packed.where(files.classNames()), classes.size(), classCount));
    }
    return classes;
  }

  /** Rows of files, one after the other; notes the family of each class that is met. */
  private LabelledRows rows(PackedFiles packed, List<String> parts, int[] families) {
    int labelBytes = coarseLabel ? 2 : 1;
    int record = labelBytes + PIXELS;
    int count = parts.stream().mapToInt(part -> records(packed, part, record)).sum();
    byte[] pixels = new byte[Math.multiplyExact(count, PIXELS)];
    int[] labels = new int[count];
    int row = 0;
    for (String part : parts) {
      byte[] bytes = packed.bytes(part);
      for (int at = 0; at < bytes.length; at += record, row++) {
        String where = packed.where(part) + ": record " + at / record;
        labels[row] = label(where, bytes[at + labelBytes - 1] & 0xff);
        if (coarseLabel) {
          note(where, labels[row], bytes[at] & 0xff, families);
        }
        System.arraycopy(bytes, at + labelBytes, pixels, row * PIXELS, PIXELS);
      }
    }
    return ByteImages.rows(pixels, SHAPE, labels);
  }

  private static int records(PackedFiles packed, String part, int record) {
    int bytes = packed.bytes(part).length;
    if (bytes == 0 || bytes % record != 0) {
      throw new BadInput(
          "%s: %d bytes are no whole number of records of %d; it is cut short or another file"
              .formatted(packed.where(part), bytes, record));
    }
    return bytes / record;
  }

  private int label(String where, int label) {
    if (label >= classCount) {
      throw new BadInput(
          "%s has label %d; labels must be in [0, %d)".formatted(where, label, classCount));
    }
    return label;
  }

  private static void note(String where, int label, int family, int[] families) {
    if (families[label] >= 0 && families[label] != family) {
      throw new BadInput(
          "%s puts class %d into family %d, an earlier one into %d"
              .formatted(where, label, family, families[label]));
    }
    families[label] = family;
  }

  private static List<Integer> complete(PackedFiles packed, List<String> classes, int[] families) {
    for (int c = 0; c < families.length; c++) {
      if (families[c] < 0) {
        throw new BadInput(packed.where() + " has no row of class '" + classes.get(c) + "'");
      }
    }
    return Arrays.stream(families).boxed().toList();
  }
}
