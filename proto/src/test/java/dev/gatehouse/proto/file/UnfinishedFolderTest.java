package dev.gatehouse.proto.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a folder whose process is told to end. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a process cannot be asked to end there")
class UnfinishedFolderTest {
  @TempDir private Path folder;

  /** A process that fills a folder beside its final name until it is told to end. */
  static final class Bundle {
    public static void main(String[] arguments) throws IOException {
      AtomicFiles.writeFolder(Path.of(arguments[0]), UnfinishedFolderTest::fill);
    }
  }

  /** A process that fills a folder of its own until it is told to end. */
  static final class Temporary {
    public static void main(String[] arguments) throws IOException {
      try (UnfinishedFolder unfinished = UnfinishedFolder.temporary("gatehouse-test-")) {
        fill(unfinished.path());
      }
    }
  }

  private static void fill(Path folder) throws IOException {
    Files.writeString(folder.resolve("gate.onnx"), "half");
    System.out.println("writing");
    for (int e = 0; ; e++) {
      Files.createDirectories(folder.resolve("experts"));
      Files.writeString(folder.resolve("experts/" + e % 1000 + ".onnx"), "half");
    }
  }

  private void end(Class<?> program, String argument) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(java, "-Djava.io.tmpdir=" + folder, program.getName(), argument);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.redirectError(folder.resolve("errors").toFile()).start();
    assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("writing");
    process.destroy();
    process.waitFor();
    Files.delete(folder.resolve("errors"));
  }

  @Test
  void shouldLeaveNothingOfABundleThatWasBeingWritten() throws Exception {
    Path target = folder.resolve("models/strokes/1");

    end(Bundle.class, target.toString());

    assertThat(target.getParent()).isEmptyDirectory();
  }

  @Test
  void shouldLeaveNothingOfATemporaryFolder() throws Exception {
    end(Temporary.class, "");

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void shouldBeGoneOnceItIsClosed() throws Exception {
    Path path;
    try (UnfinishedFolder unfinished = UnfinishedFolder.create(folder.resolve("x"))) {
      path = Files.writeString(unfinished.path().resolve("a"), "a");
    }

    assertThat(path.getParent()).doesNotExist();
  }
}
