package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.gatehouse.service.testing.Node;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What README.md and docs/clients.md tell people to do, done: the commands of the five minutes one
 * after the other, then the programs against the server that they leave.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TourTest {
  private static final Path ROOT =
      Path.of(System.getProperty("gatehouse.root")).toAbsolutePath().normalize();

  @TempDir private static Path folder;
  private @Nullable GatehouseProcess server;
  private String grpc = "";
  private String http = "";

  @AfterAll
  void stop() throws InterruptedException {
    if (server != null) {
      assertThat(server.terminate()).isZero();
      server = null;
    }
  }

  @Test
  @Order(1)
  void shouldDoAndPrintWhatTheReadmeShows() throws Exception {
    Files.createSymbolicLink(folder.resolve("docs"), ROOT.resolve("docs"));
    Files.createSymbolicLink(folder.resolve("proto"), ROOT.resolve("proto"));
    Files.createSymbolicLink(folder.resolve("gatehouse"), ROOT.resolve("gatehouse"));
    photos();
    List<ConsoleBlocks.Step> steps =
        ConsoleBlocks.steps(Files.readString(ROOT.resolve("README.md")), "## Five minutes");
    assertThat(steps).hasSizeGreaterThanOrEqualTo(11);

    for (ConsoleBlocks.Step step : steps) {
      step.requirePrinted(run(step.command()));
    }
  }

  @Test
  @Order(2)
  void shouldAnswerTheProgramInTheReadme() throws Exception {
    String program = block("README.md", "java");

    assertThat(java("Embedded", program)).isEqualTo("3, expert " + expert() + "\n");
  }

  @Test
  @Order(3)
  void shouldAnswerJava() throws Exception {
    requireAnswer(java("Ask", here(block("docs/clients.md", "java"))));
  }

  @Test
  @Order(4)
  void shouldAnswerNode() throws Exception {
    Path script =
        Files.writeString(
            Node.installed().folder().resolve("tour.mjs"), here(block("docs/clients.md", "js")));

    requireAnswer(output(ROOT, "node", script.toString()));
  }

  @Test
  @Order(5)
  void shouldAnswerPython() throws Exception {
    String python = python();
    output(folder, "sh", "-c", block("docs/clients.md", "sh").replaceFirst("python3", python));

    Path script =
        Files.writeString(
            folder.resolve("client/ask.py"), here(block("docs/clients.md", "python")));
    requireAnswer(output(folder, python, script.toString()));
  }

  private void requireAnswer(String printed) throws Exception {
    assertThat(printed).matches("3 [01]\\.\\d{3} expert " + expert() + "\\n");
  }

  /** Which expert the page's interface says answers. */
  private int expert() throws Exception {
    String answer =
        output(
            folder,
            "curl",
            "-s",
            "--data-binary",
            "@docs/images/three.png",
            "-H",
            "Content-Type: image/png",
            http + "/api/predict?model=strokes");
    return JsonMapper.shared().readTree(answer).get("expert_indices").get(0).asInt();
  }

  /** A folder of images with a subfolder a class: lines that lie and lines that stand. */
  private void photos() throws IOException {
    Random random = new Random(5);
    for (String name : List.of("lying", "standing")) {
      Path images = Files.createDirectories(folder.resolve("photos").resolve(name));
      for (int i = 0; i < 60; i++) {
        BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_BYTE_GRAY);
        int at = 4 + random.nextInt(32);
        for (int j = 0; j < 40; j++) {
          boolean lies = name.equals("lying");
          image.getRaster().setSample(lies ? j : at, lies ? at : j, 0, 200 + random.nextInt(56));
        }
        ImageIO.write(image, "png", images.resolve(i + ".png").toFile());
      }
    }
    Files.copy(folder.resolve("photos/lying/0.png"), folder.resolve("new.png"));
  }

  private static String block(String file, String language) throws IOException {
    List<String> blocks = ConsoleBlocks.blocks(Files.readString(ROOT.resolve(file)), language);
    assertThat(blocks).as("%s in %s", language, file).hasSize(1);
    return blocks.get(0);
  }

  /** What a command prints; a server is kept until it is killed. */
  private String run(String command) throws Exception {
    if (command.equals("kill %1")) {
      stop();
      return "";
    }
    if (!command.startsWith("./gatehouse ")) {
      return output(folder, "sh", "-c", here(command));
    }
    String[] arguments = here(command).split(" ", -1);
    String[] words = Arrays.copyOfRange(arguments, 1, arguments.length);
    if (words[words.length - 1].equals("&")) {
      return serve(Arrays.copyOf(words, words.length - 1));
    }
    try (GatehouseProcess process = started(words)) {
      String printed = String.join("\n", process.output().lines().toList());
      assertThat(process.process().waitFor()).as("%s: %s", command, printed).isZero();
      return printed;
    }
  }

  private static GatehouseProcess started(String... words) throws IOException {
    return GatehouseProcess.start(folder, Map.of(), ProcessBuilder.Redirect.INHERIT, words);
  }

  private String serve(String... words) throws Exception {
    assertThat(server).as("a server that has its ports").isNull();
    List<String> command = new ArrayList<>(List.of(words));
    command.addAll(List.of("--grpc-port", "0", "--http-port", "0"));
    GatehouseProcess started = started(command.toArray(String[]::new));
    server = started;
    List<String> printed = new ArrayList<>();
    String line = "";
    while (!line.startsWith("Ctrl-C")) {
      line = started.output().readLine();
      assertThat(line).as("the server ended; it printed %s", printed).isNotNull();
      printed.add(line);
    }
    grpc = value(printed, "gRPC");
    http = value(printed, "HTTP");
    return String.join("\n", printed);
  }

  private static String value(List<String> printed, String name) {
    return printed.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElseThrow();
  }

  /** The text with the addresses of the server that runs. */
  private String here(String text) {
    return text.replace("127.0.0.1:9090", grpc).replace("http://127.0.0.1:8080", http);
  }

  private String java(String name, String program) throws Exception {
    Path source = Files.writeString(folder.resolve(name + ".java"), program);
    String home = System.getProperty("java.home");
    output(folder, home + "/bin/javac", "-d", folder + "/classes", source.toString());
    return output(folder, home + "/bin/java", "--enable-native-access=ALL-UNNAMED", name);
  }

  /** What a program prints, which must end well. */
  private String output(Path where, String... command) throws IOException, InterruptedException {
    Path errors = folder.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(where.toFile()).redirectError(errors.toFile());
    builder
        .environment()
        .put("CLASSPATH", folder + "/classes:" + System.getProperty("java.class.path"));
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue())
        .as("%s: %s %s", List.of(command), printed, Files.readString(errors))
        .isZero();
    return printed;
  }

  /** A Python that has gRPC. Without one the test is skipped; under CI=true it fails. */
  private static String python() throws InterruptedException {
    for (String python : List.of("python3", "/usr/bin/python3")) {
      if (hasGrpc(python)) {
        return python;
      }
    }
    String message = "no python3 with grpc and grpc_tools; the program in Python is not tested";
    if ("true".equals(System.getenv("CI"))) {
      fail(message);
    }
    throw new TestAbortedException(message);
  }

  private static boolean hasGrpc(String python) throws InterruptedException {
    try {
      return new ProcessBuilder(python, "-c", "import grpc, grpc_tools").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
