package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A data set released as MNIST was: four IDX files of 28 x 28 grey images and their labels.
 *
 * @param name as {@code --dataset} takes it; also the folder that is tried below {@code --data-dir}
 * @param licence licence of the data, in words
 * @param classes names, in the order of the labels
 * @param mean of the training pixels divided by 255
 * @param std of the training pixels divided by 255
 * @param validationRows last rows of the training files, held out of training
 */
record IdxSource(
    String name,
    String licence,
    List<String> classes,
    double mean,
    double std,
    int validationRows) {
  static final int SIDE = 28;
  private static final Shape SHAPE = Shape.of(1, SIDE, SIDE);

  static final IdxSource MNIST =
      new IdxSource(
          "mnist",
          "CC BY-SA 3.0 (Y. LeCun, C. Cortes, C. Burges)",
          List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
          0.1307,
          0.3081,
          10_000);

  static final IdxSource FASHION_MNIST =
      new IdxSource(
          "fashion-mnist",
          "MIT (Zalando SE; H. Xiao, K. Rasul, R. Vollgraf, arXiv:1708.07747)",
          List.of(
              "T-shirt/top",
              "Trouser",
              "Pullover",
              "Dress",
              "Coat",
              "Sandal",
              "Shirt",
              "Sneaker",
              "Bag",
              "Ankle boot"),
          0.2859,
          0.3530,
          10_000);

  /** What a client of a model of such images sends, as {@link ByteImages#input}. */
  static InputSpec greyImage(double mean, double std) {
    return ByteImages.input(SHAPE, List.of(mean), List.of(std));
  }

  /** Images [n, 1, 28, 28] with their labels. */
  static LabelledRows greyImages(byte[] pixels, int[] labels) {
    return ByteImages.rows(pixels, SHAPE, labels);
  }

  /**
   * Reads the four files.
   *
   * @param dataDir folder with the files, or with a folder called {@link #name} that has them
   * @throws BadInput when one is missing, broken, or does not fit its partner
   */
  DataSet load(Path dataDir) {
    Path below = dataDir.resolve(name);
    Path folder = Files.isDirectory(below) ? below : dataDir;
    LabelledRows known = pair(folder, "train");
    if (known.size() <= validationRows) {
      throw new BadInput(
          "%s: the last %d training rows are held out, so more are needed; rows=%d"
              .formatted(folder, validationRows, known.size()));
    }
    int kept = known.size() - validationRows;
    return new DataSet(
        name,
        licence,
        greyImage(mean, std),
        classes,
        List.of(),
        known.slice(0, kept),
        known.slice(kept, known.size()),
        pair(folder, "t10k"));
  }

  private LabelledRows pair(Path folder, String part) {
    Path imageFile = find(folder, part + "-images-idx3-ubyte");
    Path labelFile = find(folder, part + "-labels-idx1-ubyte");
    byte[] images = IdxFile.images(imageFile, SIDE, SIDE);
    byte[] bytes = IdxFile.labels(labelFile);
    int count = images.length / (SIDE * SIDE);
    if (count != bytes.length) {
      throw new BadInput(
          "%s holds %d labels and %s %d images; they must be equally many"
              .formatted(labelFile, bytes.length, imageFile, count));
    }
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = bytes[i] & 0xff;
      if (labels[i] >= classes.size()) {
        throw new BadInput(
            "%s: row %d has label %d; labels must be in [0, %d)"
                .formatted(labelFile, i, labels[i], classes.size()));
      }
    }
    return greyImages(images, labels);
  }

  private Path find(Path folder, String file) {
    for (String candidate : List.of(file, file + ".gz")) {
      Path path = folder.resolve(candidate);
      if (Files.isRegularFile(path)) {
        return path;
      }
    }
    throw new BadInput(
        Files.isDirectory(folder)
            ? "%s is missing in %s: put the %s file %s.gz (or unpacked, %s) there"
                .formatted(file, folder, name, file, file)
            : "%s is no folder; it must hold the %s file %s.gz (or unpacked, %s)"
                .formatted(folder, name, file, file));
  }
}
