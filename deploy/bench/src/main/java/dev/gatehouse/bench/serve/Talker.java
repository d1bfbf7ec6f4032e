package dev.gatehouse.bench.serve;

import dev.gatehouse.proto.file.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process that is talked to by lines of JSON. Its standard error goes to a file. */
final class Talker implements AutoCloseable {
  private static final int GRACE_SECONDS = 10;

  private final String name;
  private final Process process;
  private final Path errors;
  private final BufferedReader out;
  private final Writer in;

  private Talker(String name, Process process, Path errors) {
    this.name = name;
    this.process = process;
    this.errors = errors;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts a process.
   *
   * @param name for messages, and of the file of errors in {@code folder}
   */
  static Talker start(String name, ProcessBuilder builder, Path folder) throws IOException {
    Path errors = folder.resolve(name + ".log");
    return new Talker(name, builder.redirectError(errors.toFile()).start(), errors);
  }

  /** The next line that it prints. */
  <T> T hear(Class<T> type) throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IllegalStateException(name + " ended: " + lastError());
    }
    return Json.parse(line, type, name);
  }

  /**
   * Does nothing while the process runs.
   *
   * @throws IllegalStateException when it has ended; with the last of what it said
   */
  void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " ended: " + lastError());
    }
  }

  void say(String line) throws IOException {
    in.write(line + "\n");
    in.flush();
  }

  /** Processor time so far, nanoseconds; 0 where the system does not tell. */
  long cpuNanos() {
    return process.info().totalCpuDuration().map(java.time.Duration::toNanos).orElse(0L);
  }

  private String lastError() throws IOException {
    var lines = Files.readAllLines(errors, StandardCharsets.UTF_8);
    return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
  }

  /** Ends the process. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
