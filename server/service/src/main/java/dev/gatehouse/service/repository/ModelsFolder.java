package dev.gatehouse.service.repository;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import java.io.IOException;
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
   * The folders {@code NAME/VERSION}, in the order of their paths, whatever is in them.
   *
   * @throws BadInput when the folder is missing, is itself a bundle or one model's folder, or holds
   *     nothing
   */
  List<Path> versions() {
    if (!Files.isDirectory(path)) {
      throw new BadInput(path + ": no such folder; name the one that holds NAME/VERSION/");
    }
    if (Files.exists(path.resolve(Bundle.MANIFEST))) {
      throw new BadInput(
          path
              + ": is itself a bundle; name the folder two levels above, which holds NAME/VERSION/");
    }
    List<Path> versions = new ArrayList<>();
    for (Path name : folders(path)) {
      if (Files.exists(name.resolve(Bundle.MANIFEST))) {
        throw new BadInput(
            path
                + ": is the folder of one model; name the folder above, which holds NAME/VERSION/");
      }
      versions.addAll(folders(name));
    }
    if (versions.isEmpty()) {
      throw new BadInput(
          path
              + ": holds no model; a model is a folder NAME/VERSION/, as the command export writes");
    }
    return versions;
  }

  private static List<Path> folders(Path folder) {
    try (var entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new BadInput(folder + ": cannot be listed: " + e.getMessage(), e);
    }
  }
}
