package dev.gatehouse.proto.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * A folder that is deleted with all that is in it: when it is closed, or when the JVM is told to
 * end before that. A JVM that is killed leaves it.
 */
public final class UnfinishedFolder implements AutoCloseable {
  private static final Set<Path> OPEN = new HashSet<>();

  /** Whoever still writes may put a file into a folder while it is being deleted. */
  private static final int TRIES = 100;

  /** How long the end of the JVM waits for those who still write. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Duration PAUSE = Duration.ofMillis(10);

  static {
    try {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(UnfinishedFolder::deleteAll, "unfinished folders"));
    } catch (IllegalStateException e) {
      // The JVM ends already: what is written now is deleted when it is closed.
    }
  }

  private final Path path;

  private UnfinishedFolder(Path path) {
    this.path = path.toAbsolutePath();
    synchronized (OPEN) {
      OPEN.add(this.path);
    }
  }

  /**
   * Makes a folder.
   *
   * @throws java.nio.file.FileAlreadyExistsException when something of that name is there
   */
  public static UnfinishedFolder create(Path path) throws IOException {
    return new UnfinishedFolder(Files.createDirectory(path));
  }

  /** Makes a folder among the system's temporary ones whose name begins with {@code prefix}. */
  public static UnfinishedFolder temporary(String prefix) throws IOException {
    return new UnfinishedFolder(Files.createTempDirectory(prefix));
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Deletes it, if it has not got another name since. */
  @Override
  public void close() throws IOException {
    synchronized (OPEN) {
      AtomicFiles.delete(path);
      OPEN.remove(path);
      OPEN.notifyAll();
    }
  }

  /** Waits a little for whoever fills a folder: it fails as soon as that is gone, and closes it. */
  private static void deleteAll() {
    synchronized (OPEN) {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!OPEN.isEmpty() && System.nanoTime() < end) {
        OPEN.forEach(UnfinishedFolder::deleteForGood);
        try {
          OPEN.wait(PAUSE.toMillis());
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }

  private static void deleteForGood(Path folder) {
    for (int i = 0; i < TRIES && Files.exists(folder, LinkOption.NOFOLLOW_LINKS); i++) {
      try {
        AtomicFiles.delete(folder);
      } catch (IOException e) {
        // Something came while it was being deleted, and goes with the next try.
      }
    }
  }
}
