package dev.gatehouse.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Unpacking only: this process may have loaded ONNX Runtime long before. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class NativeLibraryTest {
  @TempDir private Path cache;
  private @Nullable String before;

  @BeforeEach
  void forget() {
    before = System.getProperty(NativeLibrary.PATH);
    System.clearProperty(NativeLibrary.PATH);
  }

  @AfterEach
  void remember() {
    if (before == null) {
      System.clearProperty(NativeLibrary.PATH);
    } else {
      System.setProperty(NativeLibrary.PATH, before);
    }
  }

  @Test
  void shouldUnpackOnceAndThenUseWhatIsThere() throws IOException {
    NativeLibrary.unpackOnce(cache);

    Path folder = Path.of(System.getProperty(NativeLibrary.PATH));
    assertThat(folder).startsWith(cache);
    Path library = folder.resolve("libonnxruntime.so");
    try (InputStream packed =
        OrtEnvironment.class.getResourceAsStream(
            "/ai/onnxruntime/native/linux-x64/libonnxruntime.so")) {
      assertThat(Files.readAllBytes(library))
          .isEqualTo(Objects.requireNonNull(packed).readAllBytes());
    }
    assertThat(folder.resolve("libonnxruntime4j_jni.so")).isNotEmptyFile();

    FileTime old = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(library, old);
    System.clearProperty(NativeLibrary.PATH);
    NativeLibrary.unpackOnce(cache);

    assertThat(System.getProperty(NativeLibrary.PATH)).isEqualTo(folder.toString());
    assertThat(Files.getLastModifiedTime(library)).as("not written again").isEqualTo(old);
  }

  /** From 1.29 on ONNX Runtime does, from the moment it is loaded; see SECURITY.md. */
  @Test
  void shouldBringNoCodeThatReportsToItsMakers() throws IOException {
    try (InputStream packed =
        OrtEnvironment.class.getResourceAsStream(
            "/ai/onnxruntime/native/linux-x64/libonnxruntime.so")) {
      String code =
          new String(Objects.requireNonNull(packed).readAllBytes(), StandardCharsets.ISO_8859_1);

      assertThat(code.contains("ai.onnx")).as("the library was read").isTrue();
      assertThat(code.contains("events.data.microsoft.com")).as("a collector's address").isFalse();
      assertThat(code.contains("ORT_DISABLE_TELEMETRY")).as("a switch to turn it off").isFalse();
    }
  }

  @Test
  void shouldLeaveTheFolderThatTheUserNamed() throws IOException {
    System.setProperty(NativeLibrary.PATH, "/opt/onnxruntime");

    NativeLibrary.unpackOnce(cache);

    assertThat(System.getProperty(NativeLibrary.PATH)).isEqualTo("/opt/onnxruntime");
    try (Stream<Path> files = Files.list(cache)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void shouldLeaveItToOnnxRuntimeWhereNothingCanBeWritten() throws IOException {
    Path file = Files.writeString(cache.resolve("file"), "in the way of a folder");

    NativeLibrary.unpackOnce(file);

    assertThat(System.getProperty(NativeLibrary.PATH)).isNull();
    assertThat(List.of(cache.toFile().list())).containsExactly("file");
  }
}
