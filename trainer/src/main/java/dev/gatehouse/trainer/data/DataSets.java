package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.trainer.config.DataRef;
import dev.gatehouse.trainer.data.strokes.StrokesDifficulty;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Every data set there is: those that have a name, and the user's own. */
public final class DataSets {
  private static final Map<String, Function<@Nullable Path, DataSet>> BY_NAME = byName();

  private DataSets() {}

  private static Map<String, Function<@Nullable Path, DataSet>> byName() {
    Map<String, Function<@Nullable Path, DataSet>> all = new LinkedHashMap<>();
    all.put(Strokes.NAME, folder -> Strokes.draw(StrokesDifficulty.STANDARD, Strokes.SEED));
    for (IdxSource source : List.of(IdxSource.MNIST, IdxSource.FASHION_MNIST)) {
      all.put(source.name(), source::load);
    }
    for (CifarSource source : List.of(CifarSource.CIFAR_10, CifarSource.CIFAR_100)) {
      all.put(source.name(), source::load);
    }
    return all;
  }

  /** The data sets that have a name. */
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /**
   * Loads data whole.
   *
   * @throws BadInput when they are not there or not what they should be
   */
  public static DataSet load(DataRef ref) {
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
    return load(named.name(), named.dir());
  }

  /**
   * Loads a data set that has a name.
   *
   * @param name one of {@link #names()}
   * @param dataDir folder with the set's files, or with a folder of the set's name that has them;
   *     not looked at for {@code strokes}, which is drawn
   * @throws BadInput when the name is unknown, or a file is missing or not what it should be
   */
  public static DataSet load(String name, @Nullable Path dataDir) {
    Function<@Nullable Path, DataSet> load = BY_NAME.get(name);
    if (load == null) {
      throw new BadInput(
          "unknown data set '%s'; known are %s; your own are named by a path: ./%s for a folder of"
                  .formatted(name, String.join(", ", names()), name)
              + " images, TABLE.csv, ROWS.npy,LABELS.npy or BOTH.npz");
    }
    return load.apply(dataDir);
  }
}
