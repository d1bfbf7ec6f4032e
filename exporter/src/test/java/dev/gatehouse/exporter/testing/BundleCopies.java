package dev.gatehouse.exporter.testing;

import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Bundles like another one but for some change, their checksums right. */
public final class BundleCopies {
  private BundleCopies() {}

  /** Changes the files of a bundle while it is copied. */
  @FunctionalInterface
  public interface Change {
    /** Changes files below {@code folder}. */
    void apply(Path folder) throws IOException;
  }

  /** {@code bundle} under {@code target}, its files changed by {@code change}. */
  public static Bundle copy(Bundle bundle, Path target, Change change) throws IOException {
    return copy(bundle, target, change, bundle.manifest().classes());
  }

  /** {@code bundle} under {@code target} with another list of classes in its manifest. */
  public static Bundle withClasses(Bundle bundle, Path target, List<String> classes)
      throws IOException {
    return copy(bundle, target, folder -> {}, classes);
  }

  private static Bundle copy(Bundle bundle, Path target, Change change, List<String> classes)
      throws IOException {
    return Bundle.write(
            target,
            folder -> {
              for (String file : bundle.manifest().files().keySet()) {
                Path to = folder.resolve(file);
                Files.createDirectories(to.getParent());
                Files.copy(bundle.file(file), to);
              }
              change.apply(folder);
            },
            files -> manifest(bundle.manifest(), classes, files),
            written -> {})
        .bundle();
  }

  private static Manifest manifest(
      Manifest m, List<String> classes, Map<String, Manifest.FileEntry> files) {
    return new Manifest(
        m.formatVersion(),
        m.name(),
        m.version(),
        m.created(),
        m.input(),
        classes,
        m.experts(),
        m.routing(),
        m.rule(),
        m.graphs(),
        m.precision(),
        m.baseline(),
        m.provenance(),
        m.results(),
        m.imported(),
        files);
  }
}
