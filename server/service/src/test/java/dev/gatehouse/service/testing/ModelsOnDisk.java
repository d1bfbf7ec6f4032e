package dev.gatehouse.service.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder of models that a test may damage.
 *
 * @param folder where
 */
public record ModelsOnDisk(Path folder) {
  /** Copies the committed bundle {@code name} to {@code NAME/VERSION/}, as that version. */
  public Path copy(String name, int version) throws IOException {
    Path from = Golden.MODELS.resolve(name).resolve("1");
    Path to = folder.resolve(name).resolve(Integer.toString(version));
    try (var files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    if (version != 1) {
      replace(to, "\"version\" : 1", "\"version\" : " + version);
    }
    return to;
  }

  /** Replaces a piece of a bundle's manifest. */
  public void replace(Path bundle, String old, String now) throws IOException {
    Path file = bundle.resolve(Bundle.MANIFEST);
    String manifest = Files.readString(file);
    assertThat(manifest).contains(old);
    Files.writeString(file, manifest.replace(old, now));
  }
}
