package dev.gatehouse.trainer.data.download;

import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.file.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What is there of a file, {@code NAME.part}, until it is whole and checked and gets its name.
 * Stays where it is when the process ends, for the next one to go on with. Whoever opens it holds
 * the folder's lock. Every method throws {@link dev.gatehouse.proto.BadInput} where the disk does
 * not take what it should.
 */
final class PartFile implements AutoCloseable {
  private final Path path;
  private final Path target;
  private final ReleasedFile file;
  private final FileChannel channel;
  private long size;

  private PartFile(Path path, Path target, ReleasedFile file, FileChannel channel, long size) {
    this.path = path;
    this.target = target;
    this.file = file;
    this.channel = channel;
    this.size = size;
  }

  /** Opens what is there of {@code file} in {@code folder}, perhaps nothing. */
  static PartFile open(Path folder, ReleasedFile file) {
    Path path = folder.resolve(file.name() + ".part");
    try {
      requireRoom(folder, file, Files.exists(path) ? Files.size(path) : 0);
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      PartFile part =
          new PartFile(path, folder.resolve(file.name()), file, channel, channel.size());
      if (part.size > file.bytes()) {
        part.cutTo(0);
      }
      return part;
    } catch (IOException e) {
      throw Unwritable.because(path, e);
    }
  }

  /**
   * Asks the folder's file system, not {@code FileStore}, which finds none under a changed root. It
   * answers 0 where it cannot tell: then writing will.
   */
  private static void requireRoom(Path folder, ReleasedFile file, long there) {
    long missing = file.bytes() - there;
    long room = folder.toFile().getUsableSpace();
    if (room > 0 && room < missing) {
      throw Unwritable.because(
          folder,
          "%s needs %s more; the disk has %s"
              .formatted(file.name(), Megabytes.text(missing), Megabytes.text(room)));
    }
  }

  /** What it is to become. */
  ReleasedFile file() {
    return file;
  }

  /** Bytes that are there. */
  long size() {
    return size;
  }

  /** Whether all bytes are there, right or not. */
  boolean isWhole() {
    return size == file.bytes();
  }

  /** Leaves the first {@code bytes} alone. */
  void cutTo(long bytes) {
    try {
      channel.truncate(bytes);
      size = bytes;
    } catch (IOException e) {
      throw Unwritable.because(path, e);
    }
  }

  /** Writes {@code bytes} behind what is there. */
  void append(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        size += channel.write(bytes, size);
      }
    } catch (IOException e) {
      throw Unwritable.because(path, e);
    }
  }

  /** The digest of what is there, lower-case hexadecimal. */
  String sha256() {
    try {
      return Sha256.of(path);
    } catch (IOException e) {
      throw Unwritable.because(path, e);
    }
  }

  /** Gives the file its name. */
  void finish() {
    try {
      channel.force(true);
      AtomicFiles.rename(path, target);
    } catch (IOException e) {
      throw Unwritable.because(target, e);
    }
  }

  /** Leaves what is there, but no empty file. */
  @Override
  public void close() {
    try {
      channel.close();
      if (size == 0) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw Unwritable.because(path, e);
    }
  }
}
