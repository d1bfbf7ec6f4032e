package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in the middle of a quickstart, and the start after it. */
class StoppedQuickstartTest {
  /** Titles of the stages that end, in their order; each signal comes in the stage behind. */
  private static final List<String> ENDED =
      List.of("data set", "train one expert alone", "train the mixture", "distil the gate");

  @TempDir private Path folder;

  private GatehouseProcess start(Path errors, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "quickstart", "--exit", "--epochs", "1", "--grpc-port", "0", "--http-port", "0"));
    arguments.addAll(List.of("--work", folder.resolve("work").toString()));
    arguments.addAll(List.of(more));
    return GatehouseProcess.start(
        folder,
        Map.of(),
        ProcessBuilder.Redirect.to(errors.toFile()),
        arguments.toArray(String[]::new));
  }

  @Test
  void shouldSayWhereItWasStoppedAndStartAgain() throws Exception {
    Path errors = folder.resolve("errors");
    for (String ended : ENDED) {
      try (GatehouseProcess quickstart = start(errors)) {
        String line = "";
        while (!line.strip().startsWith(ended)) {
          line = quickstart.output().readLine();
          assertThat(line)
              .as("before the end of %s: %s", ended, Files.readString(errors))
              .isNotNull();
        }
        interrupt(quickstart);
        assertThat(quickstart.process().waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(quickstart.process().exitValue()).as(ended).isEqualTo(130);
        assertThat(Files.readAllLines(errors))
            .as("stopped behind: %s", ended)
            .singleElement()
            .asString()
            .startsWith("gatehouse: stopped while it was to ")
            .endsWith("the next start begins anew, beside what lies in " + folder.resolve("work"));
      }
    }

    try (GatehouseProcess quickstart = start(errors, "--json")) {
      assertThat(quickstart.json().get("test_rows").asInt()).isEqualTo(4000);
      assertThat(quickstart.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(quickstart.process().exitValue()).isZero();
    }
    assertThat(models()).as("only the last one came to its end").hasSize(1);
  }

  /** Folders in which a server would look for models: each of them is whole. */
  private List<Path> models() throws IOException {
    try (var versions = Files.list(folder.resolve("work/models/strokes"))) {
      return versions.filter(version -> Files.exists(version.resolve("manifest.json"))).toList();
    }
  }

  private static void interrupt(GatehouseProcess quickstart)
      throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-INT", Long.toString(quickstart.process().pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
