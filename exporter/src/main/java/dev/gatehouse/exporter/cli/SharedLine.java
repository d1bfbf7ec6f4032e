package dev.gatehouse.exporter.cli;

import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.Manifest;
import java.util.List;
import java.util.Locale;

/** What a bundle has in common with other versions, for people. */
final class SharedLine {
  private SharedLine() {}

  /** One line, or none where nothing is shared. */
  static List<String> of(Bundle bundle, long sharedBytes) {
    long all =
        bundle.manifest().files().values().stream().mapToLong(Manifest.FileEntry::bytes).sum();
    return sharedBytes == 0
        ? List.of()
        : List.of(
            String.format(
                Locale.ROOT,
                "shared  %,d of %,d bytes with other versions of the model",
                sharedBytes,
                all));
  }
}
