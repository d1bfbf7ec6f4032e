package dev.gatehouse.proto.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Writes that happen whole or not at all: to a temporary sibling, forced to the disk, then renamed.
 * A crash leaves the old content or the new one, and at worst a sibling named {@code
 * .NAME.partial-*}; of a folder only where the JVM had no time to delete it ({@link
 * UnfinishedFolder}).
 */
public final class AtomicFiles {
  private static final int PIECE = 1 << 20;

  private AtomicFiles() {}

  /** Fills a folder that does not exist under its own name yet. */
  @FunctionalInterface
  public interface FolderWriter {
    /** Writes everything below {@code folder}. */
    void write(Path folder) throws IOException;
  }

  /** Writes {@code bytes} to {@code file}, replacing what was there. */
  public static void write(Path file, ByteBuffer... bytes) throws IOException {
    write(file, List.of(bytes));
  }

  /**
   * Writes {@code text} in UTF-8 to {@code file}, replacing what was there, in a file that nobody
   * but its owner can read at any time: its rights are 0600 from the start, where files have such.
   */
  public static void writeSecret(Path file, String text) throws IOException {
    List<ByteBuffer> bytes = List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      write(
          file,
          bytes,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      write(file, bytes);
    }
  }

  private static void write(Path file, List<ByteBuffer> bytes, FileAttribute<?>... attributes)
      throws IOException {
    Path target = file.toAbsolutePath();
    Path partial = partial(target);
    try {
      try (FileChannel channel =
          FileChannel.open(
              partial,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              attributes)) {
        for (ByteBuffer part : bytes) {
          writeAll(channel, part.duplicate());
        }
        channel.force(true);
      }
      rename(partial, target);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /**
   * Writes in pieces: the JDK copies an array's bytes out of the heap to write them, and keeps room
   * for the longest such copy as long as the thread lives.
   */
  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(bytes.position() + Math.min(PIECE, end - bytes.position()));
      channel.write(bytes);
    }
  }

  /** Writes {@code text} in UTF-8 to {@code file}, replacing what was there. */
  public static void write(Path file, String text) throws IOException {
    write(file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Has {@code writer} fill a temporary sibling of {@code folder}, then renames it; when the writer
   * throws, or the JVM is told to end, nothing is left.
   *
   * @throws FileAlreadyExistsException when {@code folder} exists, or came to exist meanwhile
   */
  public static void writeFolder(Path folder, FolderWriter writer) throws IOException {
    Path target = folder.toAbsolutePath();
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(folder.toString());
    }
    try (UnfinishedFolder partial = UnfinishedFolder.create(partial(target))) {
      writer.write(partial.path());
      forceAll(partial.path());
      try {
        rename(partial.path(), target);
      } catch (FileSystemException e) {
        throw Files.exists(target) ? alreadyThere(folder, e) : e;
      }
    }
  }

  /** Somebody else wrote it at the same time, and was first. */
  private static FileSystemException alreadyThere(Path folder, FileSystemException cause) {
    FileSystemException e = new FileAlreadyExistsException(folder.toString());
    e.initCause(cause);
    return e;
  }

  /** Deletes a file, or a folder with all that is in it; nothing happens when it does not exist. */
  public static void delete(Path path) throws IOException {
    if (!Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path folder, java.io.@org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * A name beside {@code target} that nobody has. Java's temporary files would be for their owner's
   * eyes alone and stay so under the new name; these get the rights that any new file gets.
   */
  private static Path partial(Path target) throws IOException {
    return parent(target).resolve("." + target.getFileName() + ".partial-" + UUID.randomUUID());
  }

  private static Path parent(Path absolute) throws IOException {
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IOException(absolute + ": the root of a file system cannot be written");
    }
    return Files.createDirectories(parent);
  }

  private static void forceAll(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        // A file that nobody may write is a link to one that another write has forced already.
        if (Files.isRegularFile(path) && Files.isWritable(path)) {
          try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.force(true);
          }
        }
      }
    }
  }

  /**
   * Gives a file or folder whose content is on the disk another name in the same file system,
   * replacing a file of that name, and sees to it that the name is on the disk too.
   */
  public static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder =
        FileChannel.open(parent(to.toAbsolutePath()), StandardOpenOption.READ)) {
      folder.force(true);
    } catch (IOException e) {
      // Windows cannot open a folder; there the rename itself is durable enough.
    }
  }
}
