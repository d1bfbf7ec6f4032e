package dev.gatehouse.service.repository;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder that holds the bundles as {@code NAME/VERSION/}. Names that begin with a dot are
 * passed over: they belong to writes that have not finished.
 *
 * @param path the folder
 */
record ModelsFolder(Path path) {
  /**
   * What is in the folder.
   *
   * @param versions the folders {@code NAME/VERSION}, in the order of their paths, whatever is in
   *     them
   * @param refused why other folders hold no version that could be looked at
   */
  record Content(List<Path> versions, List<BadInput> refused) {}

  /**
   * Looks for versions. What stands in the way of one model does not touch the others.
   *
   * @throws BadInput when the folder is missing, cannot be listed, is itself a bundle or one
   *     model's folder, or holds nothing
   */
  Content content() {
    if (!Files.isDirectory(path)) {
      throw new BadInput(path + ": no such folder; name the one that holds NAME/VERSION/");
    }
    if (isBundle(path)) {
      throw new BadInput(
          path
              + ": is itself a bundle; name the folder two levels above, which holds NAME/VERSION/");
    }
    List<Path> versions = new ArrayList<>();
    List<BadInput> refused = new ArrayList<>();
    int bundles = 0;
    for (Path name : folders(path)) {
      try {
        if (isBundle(name)) {
          bundles++;
          refused.add(
              new BadInput(name + ": holds a bundle without a version; move it to NAME/VERSION/"));
          // Its other folders are parts of the bundle.
          folders(name).stream().filter(ModelsFolder::isBundle).forEach(versions::add);
        } else {
          versions.addAll(folders(name));
        }
      } catch (BadInput e) {
        refused.add(e);
      }
    }
    if (versions.isEmpty() && bundles == refused.size()) {
      throw new BadInput(
          path
              + (bundles > 0
                  ? ": is the folder of one model; name the folder above, which holds NAME/VERSION/"
                  : ": holds no model; a model is a folder NAME/VERSION/, as the command export"
                      + " writes"));
    }
    return new Content(versions, refused);
  }

  private static boolean isBundle(Path folder) {
    return Files.exists(folder.resolve(Bundle.MANIFEST));
  }

  private static List<Path> folders(Path folder) {
    try (var entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      boolean denied =
          e instanceof AccessDeniedException || e.getCause() instanceof AccessDeniedException;
      String reason = denied ? "permission denied" : e.getMessage();
      throw new BadInput(folder + ": cannot be listed: " + reason, e);
    }
  }
}
