package dev.gatehouse.proto.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir private Path folder;

  @Test
  void shouldReplaceAFileWhole() throws Exception {
    Path file = folder.resolve("a.txt");
    AtomicFiles.write(file, "a long first content");

    AtomicFiles.write(file, "second");

    assertThat(file).hasContent("second");
    assertThat(folder).isDirectoryNotContaining(p -> !p.equals(file));
  }

  @Test
  void shouldNotWriteThroughALinkToAnotherName() throws Exception {
    Path file = folder.resolve("a.txt");
    AtomicFiles.write(file, "first");
    Path other = Files.createLink(folder.resolve("b.txt"), file);

    AtomicFiles.write(file, "second");

    assertThat(file).hasContent("second");
    assertThat(other).hasContent("first");
  }

  @Test
  void shouldLeaveNothingOfAFolderWhoseWriterFails() {
    Path target = folder.resolve("models/x/1");

    assertThatThrownBy(
            () ->
                AtomicFiles.writeFolder(
                    target,
                    partial -> {
                      Files.createDirectory(partial.resolve("experts"));
                      Files.writeString(partial.resolve("experts/000.onnx"), "half");
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");

    assertThat(target).doesNotExist();
    assertThat(target.getParent()).isEmptyDirectory();
  }

  @Test
  void shouldNotTouchAFolderThatIsThere() throws Exception {
    Path target = Files.createDirectory(folder.resolve("x"));
    Files.writeString(target.resolve("kept"), "kept");

    assertThatThrownBy(() -> AtomicFiles.writeFolder(target, partial -> {}))
        .isInstanceOf(FileAlreadyExistsException.class);

    assertThat(target.resolve("kept")).hasContent("kept");
  }

  @Test
  void shouldSayThatAFolderIsThereAlsoIfItCameWhileThisOneWasWritten() {
    Path target = folder.resolve("x");

    assertThatThrownBy(
            () ->
                AtomicFiles.writeFolder(
                    target,
                    partial -> {
                      Files.writeString(partial.resolve("late"), "late");
                      AtomicFiles.writeFolder(
                          target, other -> Files.writeString(other.resolve("first"), "first"));
                    }))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(target.toString());

    assertThat(target.resolve("first")).hasContent("first");
    assertThat(folder).isDirectoryNotContaining(p -> !p.equals(target));
  }

  /** The JDK keeps a buffer outside the heap for each thread that wrote, as long as the longest. */
  @Test
  void shouldKeepNoBufferOfTheLengthOfWhatItWrote() throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(32 << 20);
    long before = outsideTheHeap();

    AtomicFiles.write(folder.resolve("long"), bytes.put(31 << 20, (byte) 7).position(5));

    assertThat(outsideTheHeap() - before).isLessThan(8 << 20);
    assertThat(Files.readAllBytes(folder.resolve("long")))
        .hasSize((32 << 20) - 5)
        .contains(7, Index.atIndex((31 << 20) - 5));
    assertThat(bytes.remaining()).isEqualTo((32 << 20) - 5);
  }

  private static long outsideTheHeap() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no POSIX permissions there")
  void shouldGiveTheRightsThatAnyNewFileAndFolderGets() throws Exception {
    Path plainFile = Files.createFile(folder.resolve("plain"));
    Path plainFolder = Files.createDirectory(folder.resolve("plain folder"));

    AtomicFiles.write(folder.resolve("a.txt"), "read by others");
    AtomicFiles.writeFolder(
        folder.resolve("x"), partial -> AtomicFiles.write(partial.resolve("b"), "as well"));

    assertThat(Files.getPosixFilePermissions(folder.resolve("a.txt")))
        .isEqualTo(Files.getPosixFilePermissions(plainFile));
    assertThat(Files.getPosixFilePermissions(folder.resolve("x")))
        .isEqualTo(Files.getPosixFilePermissions(plainFolder));
    assertThat(Files.getPosixFilePermissions(folder.resolve("x/b")))
        .isEqualTo(Files.getPosixFilePermissions(plainFile));
  }
}
