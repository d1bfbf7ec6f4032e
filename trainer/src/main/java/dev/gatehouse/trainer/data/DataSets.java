package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.trainer.config.DataRef;
import dev.gatehouse.trainer.data.download.DownloadListener;
import dev.gatehouse.trainer.data.download.Downloads;
import dev.gatehouse.trainer.data.download.Release;
import dev.gatehouse.trainer.data.strokes.StrokesDifficulty;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every data set there is: those that have a name, and the user's own. Of one that has a name,
 * files that no folder is named for are taken from the cache, and downloaded where they are not
 * there.
 */
public final class DataSets {
  private static final Map<String, Source> BY_NAME = byName();

  private DataSets() {}

  private sealed interface Source {}

  private record Drawn(Supplier<DataSet> pencil) implements Source {}

  private record Released(Release release, Function<Path, DataSet> reader) implements Source {
    Path folder(DataRef.Named named, DownloadListener listener) {
      Path dir = named.dir();
      return dir == null ? Downloads.asEnvironmentSays(listener).fetch(release) : dir;
    }
  }

  private static Map<String, Source> byName() {
    Map<String, Source> all = new LinkedHashMap<>();
    all.put(Strokes.NAME, new Drawn(() -> Strokes.draw(StrokesDifficulty.STANDARD, Strokes.SEED)));
    for (Released released :
        List.of(
            new Released(Release.MNIST, IdxSource.MNIST::load),
            new Released(Release.FASHION_MNIST, IdxSource.FASHION_MNIST::load),
            new Released(Release.CIFAR_10, CifarSource.CIFAR_10::load),
            new Released(Release.CIFAR_100, CifarSource.CIFAR_100::load))) {
      all.put(released.release().name(), released);
    }
    return all;
  }

  /** The data sets that have a name. */
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /**
   * Loads data whole, without a word about downloads.
   *
   * @throws BadInput when they are not there or not what they should be
   * @throws dev.gatehouse.proto.cli.Unavailable when files are missing and cannot be downloaded
   */
  public static DataSet load(DataRef ref) {
    return load(ref, DownloadListener.QUIET);
  }

  /** The same, and {@code listener} is told of downloads. */
  public static DataSet load(DataRef ref, DownloadListener listener) {
    if (ref instanceof DataRef.Images images) {
      return new ImageFolder(images).load();
    }
    if (ref instanceof DataRef.Table table) {
      return new TableFile(table).load();
    }
    if (ref instanceof DataRef.Arrays arrays) {
      return new ArrayFiles(arrays).load();
    }
    DataRef.Named named = (DataRef.Named) ref;
    Source source = source(named.name());
    return source instanceof Released released
        ? released.reader().apply(released.folder(named, listener))
        : ((Drawn) source).pencil().get();
  }

  /**
   * Loads a data set that has a name.
   *
   * @param name one of {@link #names()}
   * @param dataDir folder with the set's files, or with a folder of the set's name that has them;
   *     null for the cache; not looked at for {@code strokes}, which is drawn
   * @throws BadInput when the name is unknown, or a file is missing or not what it should be
   * @throws dev.gatehouse.proto.cli.Unavailable when files are missing and cannot be downloaded
   */
  public static DataSet load(String name, @Nullable Path dataDir) {
    return load(new DataRef.Named(name, dataDir));
  }

  /**
   * Downloads what {@link #load} would download, and reads nothing.
   *
   * @throws BadInput when the name is unknown, or the cache cannot be written
   * @throws dev.gatehouse.proto.cli.Unavailable when files cannot be downloaded
   */
  public static void fetch(DataRef ref, DownloadListener listener) {
    if (ref instanceof DataRef.Named named && source(named.name()) instanceof Released released) {
      released.folder(named, listener);
    }
  }

  private static Source source(String name) {
    Source source = BY_NAME.get(name);
    if (source == null) {
      throw new BadInput(
          "unknown data set '%s'; known are %s; your own are named by a path: ./%s for a folder of"
                  .formatted(name, String.join(", ", names()), name)
              + " images, TABLE.csv, ROWS.npy,LABELS.npy or BOTH.npz");
    }
    return source;
  }
}
