package dev.gatehouse.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exporter.reference.TinyBundles;
import dev.gatehouse.proto.run.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bundle does not depend on the digits that people write where it is exported. */
class LocaleTest {
  private final Locale before = Locale.getDefault();

  @TempDir private Path folder;

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  private Map<String, String> exported(RunFolder run, String where) throws IOException {
    Exporter.export(run, folder.resolve(where), "tiny", 1);
    Path bundle = folder.resolve(where).resolve("tiny/1");
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(bundle)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        // One character a byte.
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        files.put(bundle.relativize(file).toString(), text);
      }
    }
    return files;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-top1", "tiny-dense-top2", "tiny-certified"})
  void shouldWriteTheSameFilesUnderEveryLocale(String name) throws Exception {
    RunFolder run = TinyBundles.run(name).write(folder.resolve("run"));
    Locale.setDefault(Locale.ROOT);
    Map<String, String> plain = exported(run, "plain");

    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    Map<String, String> arabic = exported(run, "arabic");

    assertThat(arabic.keySet()).isEqualTo(plain.keySet());
    // The manifest has the time of the export.
    assertThat(arabic.remove("manifest.json")).matches("\\p{ASCII}+");
    plain.remove("manifest.json");
    assertThat(plain.keySet())
        .filteredOn(file -> !Objects.equals(arabic.get(file), plain.get(file)))
        .as("files that differ")
        .isEmpty();
  }
}
