package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.image.EncodedImage;
import dev.gatehouse.proto.image.Pixels;
import dev.gatehouse.proto.network.InputSpec;
import dev.gatehouse.proto.network.Shape;
import dev.gatehouse.trainer.config.DataRef;
import dev.gatehouse.trainer.config.DataRef.ImageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A folder of PNG and JPEG images, a subfolder a class; or of {@code train/}, {@code validation/}
 * (or {@code val/}) and {@code test/} that hold such subfolders. Names that start with a dot are
 * passed over.
 *
 * @param ref the folder and how to read it
 */
record ImageFolder(DataRef.Images ref) {
  private static final String TRAIN = "train";
  private static final List<String> VALIDATION = List.of("validation", "val");
  private static final String TEST = "test";

  private record Image(Path file, int label, Split split) {}

  /**
   * Reads every image.
   *
   * @throws BadInput when there are no classes, a class is empty, a file is no sound image, or
   *     images differ in size and none is asked for
   */
  DataSet load() {
    Path root = ref.folder();
    if (!Files.isDirectory(root)) {
      throw new BadInput(root + ": no such folder");
    }
    boolean split = isSplit(root);
    List<String> classes = classes(split ? root.resolve(TRAIN) : root);
    List<Image> images = split ? bySplit(root, classes) : byHash(root, classes);
    ImageSize size = size(images);
    Shape shape = Shape.of(channels(images), size.height(), size.width());
    LabelledRows rows = rows(images, shape);
    return new OwnData(
            ref.name(), root.toString(), classes, rows, images.stream().map(Image::split).toList())
        .split(train -> input(shape, train));
  }

  private static InputSpec input(Shape shape, LabelledRows train) {
    InputSpec.Normalisation normalisation = Moments.of(train.rows());
    return ByteImages.input(shape, normalisation.mean(), normalisation.std());
  }

  // --- which images there are ------------------------------------------------------------------

  /** True where {@code train/} holds classes; a class may be called train as well. */
  private static boolean isSplit(Path root) {
    Path train = root.resolve(TRAIN);
    return Files.isDirectory(train) && !list(train, Files::isDirectory).isEmpty();
  }

  private static List<String> classes(Path folder) {
    List<String> classes =
        list(folder, Files::isDirectory).stream().map(ImageFolder::fileName).toList();
    if (classes.isEmpty()) {
      throw new BadInput(folder + ": holds no folders; make one for each class, its images inside");
    }
    return classes;
  }

  private List<Image> byHash(Path root, List<String> classes) {
    HashSplit hash = new HashSplit(ref.seed());
    return images(root, classes, hash::of);
  }

  private List<Image> bySplit(Path root, List<String> classes) {
    HashSplit hash = new HashSplit(ref.seed());
    List<Path> validation =
        VALIDATION.stream().map(root::resolve).filter(Files::isDirectory).toList();
    List<Image> all =
        new ArrayList<>(
            images(
                root.resolve(TRAIN),
                classes,
                validation.isEmpty() ? hash::ofTraining : key -> Split.TRAIN));
    for (Path folder : validation) {
      all.addAll(heldOut(folder, classes, Split.VALIDATION));
    }
    if (!Files.isDirectory(root.resolve(TEST))) {
      throw new BadInput(root + ": has train/ with classes in it, and needs test/ as well");
    }
    all.addAll(heldOut(root.resolve(TEST), classes, Split.TEST));
    return all;
  }

  private static List<Image> heldOut(Path folder, List<String> classes, Split split) {
    for (String name : classes(folder)) {
      if (!classes.contains(name)) {
        throw new BadInput(folder.resolve(name) + ": is a class without a folder in train/");
      }
    }
    List<String> there =
        classes.stream().filter(name -> Files.isDirectory(folder.resolve(name))).toList();
    return images(folder, there, key -> split).stream()
        .map(image -> new Image(image.file(), classes.indexOf(there.get(image.label())), split))
        .toList();
  }

  private static List<Image> images(
      Path folder, List<String> classes, Function<String, Split> splits) {
    List<Image> images = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      Path ofClass = folder.resolve(classes.get(label));
      List<Path> files = list(ofClass, file -> true);
      if (files.isEmpty()) {
        throw new BadInput(ofClass + ": is a class without images");
      }
      for (Path file : files) {
        if (!Files.isRegularFile(file)) {
          throw new BadInput(file + ": is no file; the images of a class lie in its folder itself");
        }
        String key = classes.get(label) + "/" + fileName(file);
        images.add(new Image(file, label, splits.apply(key)));
      }
    }
    return images;
  }

  private static List<Path> list(Path folder, Predicate<Path> wanted) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> !fileName(entry).startsWith("."))
          .filter(wanted)
          .sorted(Comparator.comparing(ImageFolder::fileName))
          .toList();
    } catch (IOException e) {
      throw new BadInput(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }

  // --- what is in them -------------------------------------------------------------------------

  private ImageSize size(List<Image> images) {
    if (ref.size() != null) {
      return ref.size();
    }
    Path first = images.get(0).file();
    ImageSize size = EncodedImage.read(first, ImageFolder::size);
    for (Image image : images) {
      ImageSize other = EncodedImage.read(image.file(), ImageFolder::size);
      if (!other.equals(size)) {
        throw new BadInput(
            "images differ in size (height x width): %s has %s, %s has %s; bring all to one with"
                    .formatted(first, size, image.file(), other)
                + " --image-size, such as --image-size 28x28");
      }
    }
    return size;
  }

  private static ImageSize size(EncodedImage image) {
    return new ImageSize(image.height(), image.width());
  }

  private int channels(List<Image> images) {
    if (ref.channels() != null) {
      return ref.channels();
    }
    return images.stream()
            .allMatch(image -> EncodedImage.read(image.file(), e -> e.pixels().isGrey()))
        ? 1
        : 3;
  }

  private static LabelledRows rows(List<Image> images, Shape shape) {
    int channels = shape.dims().get(0);
    int height = shape.dims().get(1);
    int width = shape.dims().get(2);
    long bytes = (long) images.size() * shape.elements();
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new BadInput(
          "%d images of shape %s are %d bytes, more than fit; pass a smaller --image-size"
              .formatted(images.size(), shape, bytes));
    }
    byte[] all = new byte[(int) bytes];
    IntStream.range(0, images.size())
        .parallel()
        .forEach(
            row -> {
              Pixels pixels =
                  EncodedImage.read(
                      images.get(row).file(), e -> e.pixels().fitted(channels, height, width));
              System.arraycopy(pixels.samples(), 0, all, row * shape.elements(), shape.elements());
            });
    return ByteImages.rows(all, shape, images.stream().mapToInt(Image::label).toArray());
  }
}
