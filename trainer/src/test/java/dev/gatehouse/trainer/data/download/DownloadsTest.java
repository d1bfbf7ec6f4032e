package dev.gatehouse.trainer.data.download;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.cli.Unavailable;
import dev.gatehouse.proto.file.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a real server on this machine, and all that can go wrong with them. */
@Timeout(120)
class DownloadsTest {
  private static final int SIZE = 300_000;
  private static final TestRelease TINY = TestRelease.of(SIZE, 20);
  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(30), Duration.ofSeconds(60), 3, Duration.ofMillis(1));

  @TempDir private Path cache;
  private Path folder;
  private FileServer server;
  private Release release;
  private final Heard heard = new Heard();

  @BeforeEach
  void serve() throws IOException {
    folder = cache.resolve("data/tiny");
    server = FileServer.of(TINY.served("/"));
    release = TINY.at(server.address());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Downloads downloads() {
    return new Downloads(new DownloadEnvironment(cache, null), PATIENCE, heard);
  }

  private Path part() {
    return folder.resolve("a.part");
  }

  private void leavePart(byte[] bytes) throws IOException {
    Files.createDirectories(folder);
    Files.write(part(), bytes);
  }

  private void assertWhole() {
    assertThat(folder.resolve("a")).hasBinaryContent(TINY.content("a"));
    assertThat(folder.resolve("b")).hasBinaryContent(TINY.content("b"));
    assertThat(part()).doesNotExist();
  }

  /** One line that says what to put where. */
  private Unavailable refused(Release wanted) {
    Unavailable refused = catchThrowableOfType(Unavailable.class, () -> downloads().fetch(wanted));
    assertThat(refused)
        .hasMessageContaining(
            "put a, b into " + folder + ", or name the folder that has them with --data-dir")
        .message()
        .hasLineCount(1);
    assertThat(folder.resolve("a")).doesNotExist();
    return refused;
  }

  @Test
  void shouldBringEveryFileAndThenTakeItFromTheCache() {
    assertThat(downloads().fetch(release)).isEqualTo(folder);

    assertWhole();
    assertThat(server.asked())
        .containsExactly(new FileServer.Asked("/a", null), new FileServer.Asked("/b", null));
    assertThat(heard.events)
        .containsExactly(
            "a of 300000 bytes at " + server.address() + "a from 0",
            "finished with 300000",
            "b of 20 bytes at " + server.address() + "b from 0",
            "finished with 20");
    server.close();

    assertThat(downloads().fetch(release)).isEqualTo(folder);

    assertThat(heard.events).as("nothing more").hasSize(4);
    assertThat(heard.warnings).isEmpty();
  }

  @Test
  void shouldBringOnlyWhatIsMissing() throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("a"), TINY.content("a"));

    downloads().fetch(release);

    assertWhole();
    assertThat(server.asked()).containsExactly(new FileServer.Asked("/b", null));
  }

  @Test
  void shouldAskForTheRestOfWhatAnEarlierTryLeft() throws IOException {
    leavePart(TINY.first("a", 100_000));

    downloads().fetch(release);

    assertWhole();
    assertThat(server.ranges()).containsExactly("bytes=100000-", "whole");
    assertThat(heard.events).first().asString().endsWith("from 100000");
  }

  @Test
  void shouldAskForNothingWhereAllBytesWereLeft() throws IOException {
    leavePart(TINY.content("a"));

    downloads().fetch(release);

    assertWhole();
    assertThat(server.asked()).containsExactly(new FileServer.Asked("/b", null));
  }

  @Test
  void shouldTakeTheWholeFromAServerThatKnowsNoRanges() throws IOException {
    leavePart(new byte[100_000]);
    server.answerNext(FileServer::whole);

    downloads().fetch(release);

    assertWhole();
    assertThat(server.ranges()).containsExactly("bytes=100000-", "whole");
  }

  @Test
  void shouldAskForTheWholeWhereTheRangeIsRefused() throws IOException {
    leavePart(TINY.first("a", 100_000));
    server.answerNext(FileServer.status(416));

    downloads().fetch(release);

    assertWhole();
    assertThat(server.ranges()).containsExactly("bytes=100000-", "whole", "whole");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 0-299999/300000",
        "bytes 100000-299999/99999999999999999999",
        "bytes 100000",
        ""
      })
  void shouldAskForTheWholeWhereAnotherRangeIsAnswered(String range) throws IOException {
    leavePart(TINY.first("a", 100_000));
    server.answerNext(
        (exchange, file) -> {
          exchange.getResponseHeaders().set("Content-Range", range);
          exchange.sendResponseHeaders(206, file.length);
          exchange.getResponseBody().write(file);
        });

    downloads().fetch(release);

    assertWhole();
    assertThat(server.ranges()).containsExactly("bytes=100000-", "whole", "whole");
  }

  @Test
  void shouldBeginAgainWhereTheRestDoesNotGoWithWhatWasLeft() throws IOException {
    leavePart(new byte[100_000]);

    downloads().fetch(release);

    assertWhole();
    assertThat(server.ranges()).containsExactly("bytes=100000-", "whole", "whole");
    assertThat(heard.warnings).singleElement().asString().contains("beginning again");
  }

  @Test
  void shouldBeginAgainWhereMoreWasLeftThanTheFileHas() throws IOException {
    leavePart(new byte[SIZE + 1]);

    downloads().fetch(release);

    assertWhole();
    assertThat(server.ranges()).containsExactly("whole", "whole");
  }

  @Test
  void shouldRefuseAnotherFileOfTheSameSizeAndKeepNothingOfIt() throws IOException {
    byte[] other = TINY.content("a").clone();
    other[SIZE - 1] ^= 1;
    try (FileServer damaged = FileServer.of(Map.of("/a", other))) {
      assertThat(refused(TINY.at(damaged.address())))
          .hasMessageContaining(damaged.address() + "a: what came has sha256 " + Sha256.of(other))
          .hasMessageContaining("the released file has " + Sha256.of(TINY.content("a")))
          .hasMessageContaining("it was deleted");

      assertThat(part()).doesNotExist();
      assertThat(damaged.ranges()).containsExactly("whole");
    }
  }

  @Test
  void shouldTakeNothingOfAFileOfAnotherSize() throws IOException {
    byte[] left = TINY.first("a", 100_000);
    leavePart(left);
    server.answerNext(
        (exchange, file) -> FileServer.whole(exchange, "<html>log in first".getBytes(UTF_8)));

    assertThat(refused(release))
        .hasMessageContaining("a: has 18 bytes; the released file has 300000");

    assertThat(part()).hasBinaryContent(left);
  }

  @Test
  void shouldStopWhereAFileGoesOnBeyondItsSize() throws IOException {
    byte[] longer = Arrays.copyOf(TINY.content("a"), SIZE + 1);
    server.answerNext((exchange, file) -> FileServer.untold(exchange, longer));

    assertThat(refused(release))
        .hasMessageContaining("a: has more than the released file's 300000 bytes");
  }

  @Test
  void shouldTakeAFileWhoseSizeIsUntold() {
    server.answerAlways(FileServer::untold);

    downloads().fetch(release);

    assertWhole();
  }

  @Test
  void shouldGoOnWhereItWasCutOff() {
    server.answerNext(FileServer.cutAfter(100_000), FileServer.cutAfter(50_000));

    downloads().fetch(release);

    assertWhole();
    assertThat(server.ranges()).containsExactly("whole", "bytes=100000-", "bytes=150000-", "whole");
    assertThat(heard.warnings)
        .containsExactly(
            server.address() + "a: was cut off at 100000 of 300000 bytes; trying again, 2 of 3",
            server.address() + "a: was cut off at 150000 of 300000 bytes; trying again, 3 of 3");
  }

  @Test
  void shouldGiveUpAfterSomeTriesAndKeepWhatCameForTheNextStart() {
    server.answerAlways(FileServer.cutAfter(10_000));

    assertThat(refused(release))
        .hasMessageContaining("was cut off at 30000 of 300000 bytes, the last of 3 tries");

    assertThat(part()).hasBinaryContent(TINY.first("a", 30_000));
    server.answerAlways(FileServer::range);
    downloads().fetch(release);
    assertWhole();
    assertThat(server.ranges())
        .containsExactly("whole", "bytes=10000-", "bytes=20000-", "bytes=30000-", "whole");
  }

  @Test
  void shouldGiveUpOnAServerThatFallsSilent() {
    CountDownLatch never = new CountDownLatch(1);
    Patience little =
        new Patience(Duration.ofSeconds(30), Duration.ofSeconds(1), 2, Duration.ofMillis(1));
    Downloads downloads = new Downloads(new DownloadEnvironment(cache, null), little, heard);
    server.answerNext(FileServer.silent(never), FileServer.silentAfter(100_000, never));

    assertThatExceptionOfType(Unavailable.class)
        .isThrownBy(() -> downloads.fetch(release))
        // On a machine so busy that a second passes before the answer's head, that is what is said.
        .withMessageMatching(
            ".*: (nothing came for 1 s at \\d+ of 300000 bytes|no answer for 1 s),"
                + " the last of 2 tries\\).*");
    assertThat(heard.warnings).singleElement().asString().contains("no answer for 1 s");
  }

  @Test
  void shouldSayWhatToPutWhereWhenAFileIsNotThere() {
    server.answerAlways(FileServer.status(404));

    assertThat(refused(release))
        .hasMessageStartingWith(
            "a cannot be downloaded (" + server.address() + "a: answers with status 404); put ");

    assertThat(server.asked()).as("no second try").hasSize(1);
    assertThat(part()).doesNotExist();
  }

  @Test
  void shouldNameOnlyTheFilesThatAreMissing() {
    server.answerNext(FileServer::range, FileServer.status(403));

    assertThatExceptionOfType(Unavailable.class)
        .isThrownBy(() -> downloads().fetch(release))
        .withMessageStartingWith("b cannot be downloaded")
        .withMessageEndingWith(
            "put b into %s, or name the folder that has it with --data-dir", folder);
  }

  @Test
  void shouldTryAServerAgainThatIsBusy() {
    server.answerNext(FileServer.status(503), FileServer.status(429));

    downloads().fetch(release);

    assertWhole();
    assertThat(heard.warnings).first().asString().contains("answers with status 503; trying again");
  }

  @Test
  void shouldFollowWhereItIsSentWithTheSameRange() throws IOException {
    leavePart(TINY.first("a", 100_000));
    server.answerNext(FileServer.redirect(server.address() + "a"));

    downloads().fetch(release);

    assertWhole();
    assertThat(server.ranges()).containsExactly("bytes=100000-", "bytes=100000-", "whole");
  }

  @Test
  void shouldTakeTheSecondHomeWhereTheFirstFails() throws IOException {
    try (FileServer first = FileServer.of(TINY.served("/"))) {
      first.answerNext(
          FileServer.status(404),
          (exchange, file) -> FileServer.whole(exchange, new byte[file.length]));

      downloads().fetch(TINY.at(first.address(), server.address()));

      assertWhole();
      assertThat(first.asked()).hasSize(2);
      assertThat(server.ranges()).containsExactly("whole", "whole");
      assertThat(heard.warnings)
          .hasSize(2)
          .allSatisfy(line -> assertThat(line).endsWith("; trying the next home"));
    }
  }

  @Test
  void shouldGoOnAtTheSecondHomeWhereTheFirstCutsOff() throws IOException {
    try (FileServer first = FileServer.of(TINY.served("/"))) {
      first.answerAlways(FileServer.cutAfter(20));

      downloads().fetch(TINY.at(first.address(), server.address()));

      assertWhole();
      assertThat(server.ranges()).containsExactly("bytes=60-");
    }
  }

  @Test
  void shouldNameEveryHomeThatFailed() throws IOException {
    String closed = "http://127.0.0.1:" + closedPort() + "/";

    assertThat(refused(TINY.at(server.address() + "gone/", closed)))
        .hasMessageContaining(server.address() + "gone/a: answers with status 404; ")
        .hasMessageContaining(closed + "a: takes no connections");
  }

  @Test
  void shouldAskTheMirrorAloneAndCheckAllTheSame() throws IOException {
    byte[] other = new byte[20];
    try (FileServer mirror =
        FileServer.of(Map.of("/files/tiny/a", TINY.content("a"), "/files/tiny/b", other))) {
      DownloadEnvironment environment =
          DownloadEnvironment.of(
              Map.of(
                  "GATEHOUSE_DATA_MIRROR",
                  mirror.address() + "files",
                  "GATEHOUSE_CACHE",
                  cache.toString()),
              cache);

      assertThatExceptionOfType(Unavailable.class)
          .isThrownBy(() -> new Downloads(environment, PATIENCE, heard).fetch(release))
          .withMessageStartingWith(
              "b cannot be downloaded (%sfiles/tiny/b: what came", mirror.address());
      assertThat(folder.resolve("a")).hasBinaryContent(TINY.content("a"));
      assertThat(server.asked()).isEmpty();
    }
  }

  @Test
  void shouldRefuseACacheThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(cache.resolve("file"), "no folder");
    DownloadEnvironment below = new DownloadEnvironment(file, null);

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> new Downloads(below, PATIENCE, heard).fetch(release))
        .withMessageMatching(
            "\\Q"
                + file
                + "\\E/data/tiny: cannot be written: .*; name another cache folder with"
                + " GATEHOUSE_CACHE, or one that holds the files with --data-dir");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void shouldRefuseADiskWithoutRoomBeforeItAsks() {
    ReleasedFile huge = new ReleasedFile("huge", Long.MAX_VALUE, "");

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(
            () -> downloads().fetch(new Release("tiny", List.of(server.address()), List.of(huge))))
        .withMessageContaining("huge needs 9,223,372,036,854.8 MB more; the disk has");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void shouldLetASecondOneWaitForTheFirst() throws Exception {
    Heard second = new Heard();
    server.answerNext(FileServer.silentAfter(1000, second.warned));
    ExecutorService both = Executors.newFixedThreadPool(2);
    try {
      Future<Path> one = both.submit(() -> downloads().fetch(release));
      while (server.asked().isEmpty() && !one.isDone()) {
        Thread.onSpinWait();
      }
      Future<Path> other =
          both.submit(
              () ->
                  new Downloads(new DownloadEnvironment(cache, null), PATIENCE, second)
                      .fetch(release));

      assertThat(one.get()).isEqualTo(folder);
      assertThat(other.get()).isEqualTo(folder);
    } finally {
      both.shutdownNow();
    }
    assertWhole();
    assertThat(server.ranges()).containsExactly("whole", "whole");
    assertThat(second.events).isEmpty();
    assertThat(second.warnings).containsExactly("another process downloads tiny; waiting for it");
  }

  private static int closedPort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
