package dev.gatehouse.service.testing;

import static org.assertj.core.api.Assertions.fail;

import dev.gatehouse.proto.cli.NodePackages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Scripts in {@code src/test/node}, run by Node with the packages that its lock file names.
 *
 * @param folder where the packages are installed
 */
public record Node(Path folder) {
  private static final Path SERVICE =
      Path.of(System.getProperty("gatehouse.root"), "server/service");
  private static final Path SOURCE = SERVICE.resolve("src/test/node");
  private static final Path INSTALLED = SERVICE.resolve("target/node");

  /**
   * Installs the packages unless those of the same lock file are there. Without Node the test is
   * skipped; under CI=true it fails.
   */
  public static Node installed() throws IOException, InterruptedException {
    for (String tool : List.of("node", "npm")) {
      if (!isThere(tool)) {
        throw missing(tool + " is not on the path; other languages' clients are not tested");
      }
    }
    NodePackages packages = new NodePackages(SOURCE, INSTALLED);
    packages.install();
    try (Stream<Path> scripts = Files.list(SOURCE)) {
      for (Path script : scripts.filter(file -> file.toString().endsWith(".mjs")).toList()) {
        packages.copy(script.getFileName().toString());
      }
    }
    return new Node(INSTALLED);
  }

  /** Runs {@code script} and reads the JSON that it prints. */
  public JsonNode run(String script, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("node", script));
    command.addAll(List.of(arguments));
    return JsonMapper.shared().readTree(run(folder, command));
  }

  /**
   * Name or path of Chromium or Chrome: the environment's {@code CHROME}, or the first one found.
   * Without one the test is skipped; under CI=true it fails.
   */
  public static String chromium() throws InterruptedException {
    List<String> names = new ArrayList<>(List.of("chromium", "chromium-browser", "google-chrome"));
    if (System.getenv("CHROME") != null) {
      names.add(0, System.getenv("CHROME"));
    }
    for (String name : names) {
      if (isThere(name)) {
        return name;
      }
    }
    throw missing("neither Chromium nor Chrome is on the path; the page is not tested");
  }

  private static RuntimeException missing(String message) {
    if ("true".equals(System.getenv("CI"))) {
      fail(message);
    }
    return new TestAbortedException(message);
  }

  private static boolean isThere(String tool) throws InterruptedException {
    try {
      run(SOURCE, List.of(tool, "--version"));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String run(Path folder, List<String> command)
      throws IOException, InterruptedException {
    Path errors = Files.createTempFile("node-", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors.toFile());
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    try {
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError(command + " failed: " + Files.readString(errors));
      }
      return output;
    } finally {
      Files.delete(errors);
    }
  }
}
