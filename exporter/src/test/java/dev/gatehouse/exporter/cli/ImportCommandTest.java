package dev.gatehouse.exporter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.exporter.testing.ForeignNets;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.cli.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code import} reads beside graphs. */
class ImportCommandTest {
  @TempDir private Path folder;

  /** Windows's editors write a mark there. */
  @Test
  void shouldNotTakeAByteOrderMarkForAPartOfAClass() throws Exception {
    Path classes = Files.writeString(folder.resolve("classes.txt"), "\ufeffcat\r\ndog\r\n");
    Path gate = ForeignNets.random(1, 4, 1).pyTorch(17).write(folder.resolve("gate.onnx"));
    Path expert = ForeignNets.random(2, 4, 2).pyTorch(17).write(folder.resolve("expert.onnx"));

    int code =
        new CommandLine(new ImportCommand())
            .execute(
                "--gate=" + gate,
                "--expert=" + expert,
                "--classes=" + classes,
                "--range=-1..1",
                "--out=" + folder,
                "--name=pets");

    assertThat(code).isEqualTo(ExitCode.OK);
    assertThat(Bundle.open(folder.resolve("pets/1")).manifest().classes())
        .containsExactly("cat", "dog");
  }
}
