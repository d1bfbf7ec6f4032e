package dev.gatehouse.proto.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock between processes and threads of this machine, as a file. It ends with its holder, however
 * that one ends; the file stays.
 */
public final class LockFile {
  /**
   * What this process holds. POSIX drops all of a process's locks on a file when any of its handles
   * is closed, so a thread that finds the lock taken must not have opened the file.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private LockFile() {}

  /**
   * What is done under the lock.
   *
   * @param <R> what comes of it
   */
  @FunctionalInterface
  public interface Work<R> {
    /** Does it. */
    R run() throws IOException;
  }

  /**
   * Does {@code work} if nobody else holds the lock; does not wait.
   *
   * @param file made where it is missing; its folder is there
   * @return what came of it; empty where another holds the lock
   * @throws IOException when the file cannot be opened or locked, or from {@code work}
   */
  public static <R> Optional<R> tryHolding(Path file, Work<R> work) throws IOException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null) {
      throw new IOException(file + ": the root of a file system cannot be locked");
    }
    Path held = folder.toRealPath().resolve(file.getFileName());
    if (!HELD.add(held)) {
      return Optional.empty();
    }
    try (FileChannel channel =
        FileChannel.open(held, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      return channel.tryLock() == null ? Optional.empty() : Optional.of(work.run());
    } finally {
      HELD.remove(held);
    }
  }
}
