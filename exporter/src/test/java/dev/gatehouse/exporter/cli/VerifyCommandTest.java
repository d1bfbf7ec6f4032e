package dev.gatehouse.exporter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.cli.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A bundle may lie anywhere while it is looked at; a server takes it from one place. */
class VerifyCommandTest {
  private static final Path KEPT =
      Path.of(
          System.getProperty("gatehouse.root"),
          "server/engine/src/test/resources/bundles/tiny-top1/1");

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int verify(Path bundle, String... more) {
    CommandLine line = new CommandLine(new VerifyCommand());
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] arguments = new String[more.length + 1];
    arguments[0] = bundle.toString();
    System.arraycopy(more, 0, arguments, 1, more.length);
    return line.execute(arguments);
  }

  private Path copy(String place) throws IOException {
    Path copy = folder.resolve(place);
    try (var files = Files.walk(KEPT)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path to = copy.resolve(KEPT.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    return copy;
  }

  @Test
  void shouldSayWhereABundleWouldHaveToLie() throws Exception {
    Path elsewhere = copy("staging/7");

    assertThat(verify(elsewhere)).as(err.toString()).isEqualTo(ExitCode.OK);

    assertThat(err.toString().lines())
        .containsExactly(
            "gatehouse: serve would refuse it: "
                + elsewhere
                + ": holds the bundle tiny-top1/1; put it into a folder of that name and version");
    assertThat(out.toString()).contains("the files match their checksums");
  }

  @Test
  void shouldSayItToProgramsToo() throws Exception {
    assertThat(verify(copy("staging/7"), "--json")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("\"in_place\":false");
  }

  @Test
  void shouldSayNothingOfABundleInItsPlace() throws Exception {
    Path there = copy("tiny-top1/1");

    assertThat(verify(there, "--json")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("\"in_place\":true");
    assertThat(err.toString()).isEmpty();
  }
}
