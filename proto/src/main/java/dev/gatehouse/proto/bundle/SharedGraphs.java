package dev.gatehouse.proto.bundle;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.file.AtomicFiles;
import dev.gatehouse.proto.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The graphs of all versions of one model, by content. A new version's graph that is among them
 * becomes another name (a hard link) of the same file, so that experts which versions have in
 * common take their room on the disk once.
 *
 * <p>A manifest only says where to look: what is linked is read and its checksum computed anew.
 * Files are never written where they lie but replaced by {@link AtomicFiles}, so no version changes
 * another through a link.
 */
final class SharedGraphs {
  private final Map<Manifest.FileEntry, List<Path>> files;

  private SharedGraphs(Map<Manifest.FileEntry, List<Path>> files) {
    this.files = files;
  }

  /** The graphs of every version beside the one that is to lie at {@code version}. */
  static SharedGraphs of(Path version) throws IOException {
    Map<Manifest.FileEntry, List<Path>> files = new HashMap<>();
    Path model = version.toAbsolutePath().normalize().getParent();
    if (model != null && Files.isDirectory(model)) {
      try (var siblings = Files.newDirectoryStream(model, SharedGraphs::isVersion)) {
        for (Path sibling : siblings) {
          collect(sibling, files);
        }
      }
    }
    return new SharedGraphs(files);
  }

  private static boolean isVersion(Path folder) {
    return !folder.getFileName().toString().startsWith(".")
        && Files.isRegularFile(folder.resolve(Bundle.MANIFEST));
  }

  private static void collect(Path sibling, Map<Manifest.FileEntry, List<Path>> files) {
    try {
      Manifest manifest = Bundle.parse(Bundle.manifestBytes(sibling), sibling);
      Bundle bundle = new Bundle(sibling, manifest);
      manifest
          .graphFiles()
          .forEach(
              (graph, entry) ->
                  files.computeIfAbsent(entry, e -> new ArrayList<>()).add(bundle.file(graph)));
    } catch (BadInput e) {
      // What cannot be read as a bundle has nothing to share.
    }
  }

  /**
   * Replaces each graph of {@code bundle} that another version has too by a link to that file,
   * where the file system has such links; elsewhere the bundle keeps its own copy.
   *
   * @return the length of all graphs that are links now, in bytes
   */
  long link(Bundle bundle) throws IOException {
    long shared = 0;
    for (var graph : bundle.manifest().graphFiles().entrySet()) {
      Manifest.FileEntry entry = graph.getValue();
      for (Path twin : files.getOrDefault(entry, List.of())) {
        if (link(bundle.file(graph.getKey()), twin, entry)) {
          shared += entry.bytes();
          break;
        }
      }
    }
    return shared;
  }

  private static boolean link(Path file, Path twin, Manifest.FileEntry entry) throws IOException {
    if (!Files.isRegularFile(twin, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Path link = file.resolveSibling("." + file.getFileName() + ".link");
    try {
      Files.createLink(link, twin);
      if (Files.size(link) != entry.bytes() || !Sha256.of(link).equals(entry.sha256())) {
        return false;
      }
      AtomicFiles.rename(link, file);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      // Another file system, one without links, a file of somebody else, or too many links.
      return false;
    } finally {
      Files.deleteIfExists(link);
    }
  }
}
