package dev.gatehouse.exporter;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Remembers which folders of a path did not exist, and removes them again unless they are kept. */
public final class NewFolders implements AutoCloseable {
  private final List<Path> missing;
  private boolean kept;

  private NewFolders(List<Path> missing) {
    this.missing = missing;
  }

  /** The folders of {@code path} that do not exist now, the innermost first. */
  public static NewFolders of(Path path) {
    List<Path> missing = new ArrayList<>();
    for (Path at = path.toAbsolutePath(); at != null && !Files.exists(at); at = at.getParent()) {
      missing.add(at);
    }
    return new NewFolders(missing);
  }

  /** The folders are to stay. */
  public void keep() {
    kept = true;
  }

  @Override
  public void close() throws IOException {
    if (kept) {
      return;
    }
    try {
      for (Path folder : missing) {
        Files.deleteIfExists(folder);
      }
    } catch (DirectoryNotEmptyException e) {
      // Somebody else put something there in the meantime: it is theirs.
    }
  }
}
