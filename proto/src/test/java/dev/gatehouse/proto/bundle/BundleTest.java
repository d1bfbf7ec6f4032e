package dev.gatehouse.proto.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  @Test
  void shouldNameFilesTheSameWhateverDigitsPeopleWrite() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));

    assertThat("%03d".formatted(7)).as("this locale has digits of its own").isNotEqualTo("007");
    assertThat(Bundle.expert(7)).isEqualTo("experts/007.onnx");
    assertThat(Bundle.expert(1234)).isEqualTo("experts/1234.onnx");
  }

  @Test
  void shouldSayWhereABundleIsToWhoeverNamesAFolderAboveIt(@TempDir Path models)
      throws IOException {
    Path first = Files.createDirectories(models.resolve("strokes/1"));
    Path second = Files.createDirectories(models.resolve("strokes/2"));
    Files.createFile(first.resolve("manifest.json"));
    Files.createFile(second.resolve("manifest.json"));

    assertThatThrownBy(() -> Bundle.open(models.resolve("strokes")))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "%s/strokes: no model bundle: there is no manifest.json; there is one in %s, %s",
            models, first, second);
    assertThatThrownBy(() -> Bundle.open(models))
        .hasMessageEndingWith("; there is one in " + first + ", " + second);
  }

  @Test
  void shouldSayThatThereIsNothing(@TempDir Path models) throws IOException {
    Path empty = Files.createDirectory(models.resolve("empty"));
    Path absent = models.resolve("absent");

    assertThatThrownBy(() -> Bundle.open(empty))
        .hasMessage(empty + ": no model bundle: there is no manifest.json");
    assertThatThrownBy(() -> Bundle.open(absent))
        .isInstanceOf(BadInput.class)
        .hasMessage(absent + ": no model bundle: no such folder");
  }
}
