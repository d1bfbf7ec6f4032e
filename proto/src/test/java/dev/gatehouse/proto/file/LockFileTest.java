package dev.gatehouse.proto.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets a lock: threads of this process, and processes of their own. */
class LockFileTest {
  @TempDir private Path folder;

  /** A process that says whether it got the lock, and holds it until its input ends. */
  static final class Holder {
    public static void main(String[] arguments) throws IOException {
      Optional<Boolean> held =
          LockFile.tryHolding(
              Path.of(arguments[0]),
              () -> {
                System.out.println("held");
                return System.in.read() < 0;
              });
      if (held.isEmpty()) {
        System.out.println("taken");
      }
    }
  }

  private static Process holder(Path lock) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder = new ProcessBuilder(java, Holder.class.getName(), lock.toString());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String word(Process process) throws IOException {
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    return String.valueOf(reader.readLine());
  }

  @Test
  void shouldBeHeldByOneOfThisProcessAtATime() throws IOException {
    Path lock = folder.resolve("lock");
    Path sameByAnotherName = folder.resolve("../" + folder.getFileName() + "/lock");

    Optional<Optional<String>> inner =
        LockFile.tryHolding(lock, () -> LockFile.tryHolding(sameByAnotherName, () -> "inside"));

    assertThat(inner).contains(Optional.empty());
    assertThat(LockFile.tryHolding(lock, () -> "after")).contains("after");
  }

  @Test
  void shouldBeFreeAfterWorkThatFailed() throws IOException {
    Path lock = folder.resolve("lock");
    assertThatThrownBy(
            () ->
                LockFile.tryHolding(
                    lock,
                    () -> {
                      throw new IOException("broken");
                    }))
        .hasMessage("broken");

    assertThat(LockFile.tryHolding(lock, () -> "after")).contains("after");
  }

  @Test
  void shouldKeepOtherProcessesOutAlsoAfterAThreadOfThisOneWasTurnedAway() throws Exception {
    Path lock = folder.resolve("lock");

    Optional<String> other =
        LockFile.tryHolding(
            lock,
            () -> {
              assertThat(LockFile.tryHolding(lock, () -> "inside")).isEmpty();
              return word(holder(lock));
            });

    assertThat(other).contains("taken");
  }

  @Test
  void shouldBeFreeWhenItsHolderIsKilled() throws Exception {
    Path lock = folder.resolve("lock");
    Process holder = holder(lock);
    assertThat(word(holder)).isEqualTo("held");
    assertThat(LockFile.tryHolding(lock, () -> "while it is held")).isEmpty();

    holder.destroyForcibly().waitFor();

    assertThat(LockFile.tryHolding(lock, () -> "after")).contains("after");
  }
}
