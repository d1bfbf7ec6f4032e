package dev.gatehouse.trainer.data.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Downloads by processes of their own: one that is killed, and two at once. */
@Timeout(120)
class DownloadProcessTest {
  private static final TestRelease TINY = TestRelease.of(300_000);

  @TempDir private Path cache;
  private Path file;
  private FileServer server;

  /** Downloads into a cache from a home, and says what it hears. */
  static final class Downloading {
    public static void main(String[] arguments) {
      DownloadListener speaking =
          new DownloadListener() {
            @Override
            public void reached(long bytes) {
              System.out.println("reached " + bytes);
            }

            @Override
            public void warned(String line) {
              System.out.println(line);
            }
          };
      DownloadEnvironment environment = new DownloadEnvironment(Path.of(arguments[0]), null);
      new Downloads(environment, Patience.USUAL, speaking).fetch(TINY.at(arguments[1]));
      System.out.println("done");
    }
  }

  @BeforeEach
  void serve() throws IOException {
    file = cache.resolve("data/tiny/a");
    server = FileServer.of(TINY.served("/"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Process start() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(java, Downloading.class.getName(), cache.toString(), server.address());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void await(Process process, String line) throws IOException {
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    for (String next = said.readLine(); !line.equals(next); next = said.readLine()) {
      assertThat(next).as("it ended before it said: " + line).isNotNull();
    }
  }

  @Test
  void shouldGoOnWhereAKilledProcessWas() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    server.answerNext(FileServer.silentAfter(100_000, never));
    Process killed = start();
    await(killed, "reached 100000");

    killed.destroyForcibly().waitFor();

    assertThat(file).doesNotExist();
    assertThat(file.resolveSibling("a.part")).hasBinaryContent(TINY.first("a", 100_000));
    Process next = start();
    await(next, "done");
    assertThat(next.waitFor()).isZero();
    assertThat(file).hasBinaryContent(TINY.content("a"));
    assertThat(server.ranges()).containsExactly("whole", "bytes=100000-");
  }

  @Test
  void shouldLeaveADownloadToTheProcessThatIsAtIt() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    server.answerNext(FileServer.silentAfter(100_000, waiting));
    Process first = start();
    await(first, "reached 100000");
    Process second = start();
    await(second, "another process downloads tiny; waiting for it");
    waiting.countDown();

    await(first, "done");
    await(second, "done");

    assertThat(first.waitFor()).isZero();
    assertThat(second.waitFor()).isZero();
    assertThat(Files.readAllBytes(file)).isEqualTo(TINY.content("a"));
    assertThat(server.ranges()).containsExactly("whole");
  }
}
