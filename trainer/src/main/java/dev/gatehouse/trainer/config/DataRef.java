package dev.gatehouse.trainer.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.gatehouse.proto.BadInput;
import java.io.File;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where data are and how they are to be read: enough to open the same data again. In JSON the key
 * {@code kind} says which. Paths are made absolute, so that a saved reference holds from any
 * working folder.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = DataRef.Named.class, name = "named"),
  @JsonSubTypes.Type(value = DataRef.Images.class, name = "images"),
  @JsonSubTypes.Type(value = DataRef.Table.class, name = "table"),
  @JsonSubTypes.Type(value = DataRef.Arrays.class, name = "arrays")
})
public sealed interface DataRef {
  /** What reports call the data: the set's name, or that of the folder or file. */
  String name();

  /** The same data in another place, as {@code --data-dir} says; for data that were moved. */
  DataRef in(Path folder);

  /**
   * The data that a configuration names: by the name of a data set, or by a path, which is a folder
   * of images where it has a slash, a table where it ends in {@code .csv}, and arrays where it ends
   * in {@code .npz} or is {@code ROWS.npy,LABELS.npy}.
   *
   * @param dataDir where the data lie if not where {@code dataset} says; for a data set that has a
   *     name, the folder of its files
   * @throws BadInput when {@code reading} says what such data do not have
   */
  static DataRef of(String dataset, @Nullable String dataDir, Reading reading) {
    DataRef ref = at(dataset, reading);
    if (!(ref instanceof Table) && !reading.suitsAnyButTables()) {
      throw new BadInput("label and columns are said of tables, TABLE.csv; dataset=" + dataset);
    }
    if (!(ref instanceof Images) && !reading.suitsAnyButImages()) {
      throw new BadInput(
          "image_size and channels are said of folders of images, ./FOLDER; dataset=" + dataset);
    }
    return dataDir == null ? ref : ref.in(Path.of(dataDir));
  }

  /** True where {@link #of} takes {@code dataset} for a table. */
  static boolean isTable(String dataset) {
    return dataset.toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  private static DataRef at(String dataset, Reading reading) {
    if (isTable(dataset)) {
      return new Table(Path.of(dataset), reading.label(), reading.columns(), reading.splitSeed());
    }
    String lower = dataset.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".npz")) {
      return new Arrays(Path.of(dataset), null, reading.splitSeed());
    }
    if (lower.endsWith(".npy")) {
      String[] both = dataset.split(",", -1);
      if (both.length != 2) {
        throw new BadInput("arrays are named ROWS.npy,LABELS.npy or BOTH.npz; dataset=" + dataset);
      }
      return new Arrays(Path.of(both[0]), Path.of(both[1]), reading.splitSeed());
    }
    if (dataset.contains("/") || dataset.contains(File.separator)) {
      return new Images(
          Path.of(dataset), reading.imageSize(), reading.channels(), reading.splitSeed());
    }
    return new Named(dataset, null);
  }

  /**
   * A data set that has a name.
   *
   * @param name the name
   * @param dir folder with the set's files; null for an embedded one, and for the cache, wherever
   *     that is when the data are opened
   */
  record Named(String name, @Nullable Path dir) implements DataRef {
    /** Makes the path absolute. */
    public Named {
      dir = dir == null ? null : absolute(dir);
    }

    @Override
    public DataRef in(Path folder) {
      return new Named(name, folder);
    }
  }

  /**
   * PNG and JPEG files, a subfolder a class.
   *
   * @param folder holds the classes, or {@code train/}, {@code validation/} and {@code test/} that
   *     do
   * @param size size to bring images to; null to take them as they are, all of one size
   * @param channels 1 for grey, 3 for colours; null for 1 where every image is grey, else 3
   * @param seed decides which images are held out where no folders say so
   */
  record Images(Path folder, @Nullable ImageSize size, @Nullable Integer channels, long seed)
      implements DataRef {
    /** Checks the channels. */
    public Images {
      folder = absolute(folder);
      if (channels != null && channels != 1 && channels != 3) {
        throw new BadInput("images have 1 channel (grey) or 3 (colours); channels=" + channels);
      }
    }

    @Override
    public String name() {
      return fileName(folder);
    }

    @Override
    public DataRef in(Path other) {
      return new Images(other, size, channels, seed);
    }
  }

  /**
   * A CSV file with a header.
   *
   * @param file the file
   * @param label the column with the classes; null for the last one
   * @param columns what named columns are, where the file's cells would say otherwise
   * @param seed decides which rows are held out
   */
  record Table(Path file, @Nullable String label, Map<String, ColumnKind> columns, long seed)
      implements DataRef {
    /** Copies the map. */
    public Table {
      file = absolute(file);
      columns = Map.copyOf(columns);
    }

    /** The columns in the order of their names. */
    @Override
    public Map<String, ColumnKind> columns() {
      return new TreeMap<>(columns);
    }

    @Override
    public String name() {
      return withoutEnding(fileName(file));
    }

    @Override
    public DataRef in(Path folder) {
      return new Table(folder.resolve(fileName(file)), label, columns, seed);
    }
  }

  /**
   * NumPy arrays: one {@code .npz} with rows and labels, or a {@code .npy} of each.
   *
   * @param rows the {@code .npz}, or the {@code .npy} of rows
   * @param labels the {@code .npy} of labels; null with a {@code .npz}
   * @param seed decides which rows are held out where no array says so
   */
  record Arrays(Path rows, @Nullable Path labels, long seed) implements DataRef {
    /** Makes the paths absolute. */
    public Arrays {
      rows = absolute(rows);
      labels = labels == null ? null : absolute(labels);
    }

    @Override
    public String name() {
      return withoutEnding(fileName(rows));
    }

    @Override
    public DataRef in(Path folder) {
      return new Arrays(
          folder.resolve(fileName(rows)),
          labels == null ? null : folder.resolve(fileName(labels)),
          seed);
    }
  }

  /** What a column of a table is. */
  enum ColumnKind {
    /** Standardised. */
    NUMBER,
    /** One of several names. */
    CATEGORY,
    /** Left out. */
    IGNORE
  }

  /**
   * A size of images, written {@code HEIGHTxWIDTH}.
   *
   * @param height in pixels
   * @param width in pixels
   */
  record ImageSize(int height, int width) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,5})x(\\d{1,5})");
    private static final int MOST = 4096;

    /** Checks the numbers. */
    public ImageSize {
      if (height < 1 || height > MOST || width < 1 || width > MOST) {
        throw new BadInput(
            "an image's height and width are 1 to %d; size=%dx%d".formatted(MOST, height, width));
      }
    }

    /**
     * Reads {@code HEIGHTxWIDTH}.
     *
     * @throws BadInput when it is of another form
     */
    @JsonCreator
    public static ImageSize parse(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new BadInput("a size is HEIGHTxWIDTH, such as 28x28; size=" + text);
      }
      return new ImageSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    @Override
    @JsonValue
    public String toString() {
      return height + "x" + width;
    }
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private static String fileName(Path path) {
    Path name = path.getFileName();
    return name == null ? path.toString() : name.toString();
  }

  private static String withoutEnding(String file) {
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }
}
