package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.trainer.config.DataRef;
import dev.gatehouse.trainer.data.strokes.StrokesDifficulty;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every data set there is, by name. */
public final class DataSets {
  private static final List<IdxSource> FROM_FILES =
      List.of(IdxSource.MNIST, IdxSource.FASHION_MNIST);

  private DataSets() {}

  /** The names that {@link #load} knows. */
  public static List<String> names() {
    return Stream.concat(Stream.of(Strokes.NAME), FROM_FILES.stream().map(IdxSource::name))
        .toList();
  }

  /**
   * Loads data whole.
   *
   * @throws BadInput when they are not there or not what they should be
   */
  public static DataSet load(DataRef ref) {
    if (ref instanceof DataRef.Named named) {
      return load(named.name(), named.dir());
    }
    throw new BadInput("no reader yet for " + ref);
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
    if (name.equals(Strokes.NAME)) {
      return Strokes.draw(StrokesDifficulty.STANDARD, Strokes.SEED);
    }
    for (IdxSource source : FROM_FILES) {
      if (source.name().equals(name)) {
        return source.load(dataDir);
      }
    }
    throw new BadInput("unknown data set '" + name + "'; known are " + String.join(", ", names()));
  }
}
