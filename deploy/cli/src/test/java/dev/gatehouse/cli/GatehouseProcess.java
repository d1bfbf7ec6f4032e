package dev.gatehouse.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A command in a JVM of its own.
 *
 * @param process the JVM
 * @param output its standard output
 */
record GatehouseProcess(Process process, BufferedReader output) implements AutoCloseable {
  static GatehouseProcess start(String... arguments) throws IOException {
    return start(Path.of(""), Map.of(), ProcessBuilder.Redirect.INHERIT, arguments);
  }

  /**
   * A command in a working folder, under more environment variables than these tests have, its
   * errors sent elsewhere.
   */
  static GatehouseProcess start(
      Path folder,
      Map<String, String> environment,
      ProcessBuilder.Redirect errors,
      String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                // A shell's background job ignores SIGINT, and so would all that it starts.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.awt.headless=true",
                "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_threads=1",
                Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toAbsolutePath().toFile())
            .redirectError(errors);
    builder.environment().putAll(environment);
    Process process = builder.start();
    return new GatehouseProcess(process, process.inputReader(StandardCharsets.UTF_8));
  }

  /** The next line, which must be a JSON object. */
  JsonNode json() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException("the command ended without printing");
    }
    return JsonMapper.shared().readTree(line);
  }

  /** Sends SIGTERM and waits for the exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the command did not end on SIGTERM");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
