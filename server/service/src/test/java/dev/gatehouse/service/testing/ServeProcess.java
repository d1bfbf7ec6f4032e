package dev.gatehouse.service.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The serve command in a JVM of its own.
 *
 * @param process the JVM
 * @param started the JSON that it printed once it served
 */
public record ServeProcess(Process process, String started) implements AutoCloseable {
  /** Starts to serve {@code models} on free ports, and waits until it says so. */
  public static ServeProcess start(Path models) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                ServeMain.class.getName()));
    command.addAll(
        List.of("--models", models.toString(), "--grpc-port", "0", "--http-port", "0", "--json"));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    while (line != null && !line.startsWith("{")) {
      line = output.readLine();
    }
    if (line == null) {
      throw new IOException("the server ended before it served");
    }
    return new ServeProcess(process, line);
  }

  /** The port of gRPC. */
  public int grpcPort() {
    Matcher port = Pattern.compile("\"grpc\":\"127\\.0\\.0\\.1:(\\d+)\"").matcher(started);
    if (!port.find()) {
      throw new IllegalStateException("no port in " + started);
    }
    return Integer.parseInt(port.group(1));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
