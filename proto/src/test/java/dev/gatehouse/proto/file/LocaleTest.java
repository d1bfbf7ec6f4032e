package dev.gatehouse.proto.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.cli.ChildJvm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files are the same whatever language the machine speaks. */
class LocaleTest {
  /**
   * In Turkish the small I has no dot; Jackson makes names once, so a process of its own is due.
   */
  @Test
  void shouldWriteAndReadTheSameNamesInTurkish() throws Exception {
    Path kept =
        Path.of(System.getProperty("gatehouse.root"))
            .resolve("server/engine/src/test/resources/bundles/tiny-int8/1/manifest.json");
    assertThat(kept).content().contains("\"datatype\" : \"uint8\"", "\"weights\" : \"int8\"");
    ProcessBuilder builder = ChildJvm.of(TurkishJson.class, List.of(kept.toString()));
    builder.command().add(1, "-Duser.language=tr");
    builder.command().add(2, "-Duser.country=TR");
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();

    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(said).endsWith("tr");
    assertThat(said.substring(0, said.length() - 2))
        .isEqualTo(Json.text(Json.read(kept, Manifest.class)));
    assertThat(process.waitFor()).isZero();
  }
}
