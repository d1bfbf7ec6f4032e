package dev.gatehouse.trainer.data;

import dev.gatehouse.proto.BadInput;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Some files of a release that is downloaded as one {@code .tar.gz}, read from there or from the
 * folder that it was unpacked to.
 *
 * @param where the archive or the folder
 * @param files content by name, without the folder in the archive
 */
record PackedFiles(Path where, Map<String, byte[]> files) {
  /** Far more than any file of the releases that are read this way. */
  private static final long LARGEST = 1L << 30;

  /**
   * Looks for a release and reads it.
   *
   * @param dataDir where to look; also in its folder {@code name}, and for unpacked files in folder
   *     {@code unpacked} of both
   * @param archive name of the archive
   * @param wanted names of the files
   * @throws BadInput when it is not there, is damaged, or lacks a file
   */
  static PackedFiles find(
      Path dataDir, String name, String archive, String unpacked, Set<String> wanted) {
    for (Path folder : List.of(dataDir.resolve(name), dataDir)) {
      if (Files.isRegularFile(folder.resolve(archive))) {
        return complete(ofArchive(folder.resolve(archive), wanted), wanted);
      }
      for (Path flat : List.of(folder.resolve(unpacked), folder)) {
        if (wanted.stream().anyMatch(file -> Files.isRegularFile(flat.resolve(file)))) {
          return complete(ofFolder(flat, wanted), wanted);
        }
      }
    }
    throw new BadInput(
        Files.isDirectory(dataDir)
            ? "%s is missing in %s: put the %s archive there, or unpack it there"
                .formatted(archive, dataDir, name)
            : "%s is no folder; it must hold the %s archive %s".formatted(dataDir, name, archive));
  }

  private static PackedFiles complete(PackedFiles found, Set<String> wanted) {
    for (String file : wanted) {
      if (!found.files().containsKey(file)) {
        throw new BadInput(file + " is missing in " + found.where());
      }
    }
    return found;
  }

  private static PackedFiles ofFolder(Path folder, Set<String> wanted) {
    Map<String, byte[]> files = new HashMap<>();
    for (String file : wanted) {
      Path path = folder.resolve(file);
      if (Files.isRegularFile(path)) {
        try {
          requireSize(path.toString(), Files.size(path));
          files.put(file, Files.readAllBytes(path));
        } catch (IOException e) {
          throw new BadInput(path + ": cannot be read: " + e.getMessage(), e);
        }
      }
    }
    return new PackedFiles(folder, files);
  }

  private static PackedFiles ofArchive(Path archive, Set<String> wanted) {
    Map<String, byte[]> files = new HashMap<>();
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(raw, 1 << 16))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String file = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        if (entry.isFile() && wanted.contains(file)) {
          requireSize(archive + "/" + entry.getName(), entry.getSize());
          files.put(file, tar.readAllBytes());
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new BadInput(
          "%s: is no whole .tar.gz; fetch it again: %s".formatted(archive, e.getMessage()), e);
    }
    return new PackedFiles(archive, files);
  }

  private static void requireSize(String file, long bytes) {
    if (bytes > LARGEST) {
      throw new BadInput(
          "%s: has %d bytes, more than the %d that are read".formatted(file, bytes, LARGEST));
    }
  }

  /** The content of a file that was wanted; not to be written to. */
  byte[] bytes(String file) {
    byte[] bytes = files.get(file);
    if (bytes == null) {
      throw new IllegalArgumentException("never asked for " + file);
    }
    return bytes;
  }

  /** Names a file in a message. */
  String where(String file) {
    return where + "/" + file;
  }
}
