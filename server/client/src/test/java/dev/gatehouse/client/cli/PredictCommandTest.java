package dev.gatehouse.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.service.app.Server;
import dev.gatehouse.service.app.ServerOptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The predict command against a real server. */
class PredictCommandTest {
  private static final Path MODELS =
      Path.of(System.getProperty("gatehouse.root"), "server/engine/src/test/resources/bundles");

  private static Server server;
  private static Bundle bundle;
  private static SelfTest test;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    server = Server.start(ServerOptions.of(MODELS).withPorts(0, 0));
    bundle = Bundle.open(MODELS.resolve("tiny-top2/1"));
    test = bundle.selfTest();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void shouldPrintClassProbabilityAndExpertsOfEachImage() throws IOException {
    Path image = image(0);

    String text = run(image.toString());

    String name = bundle.manifest().classes().get(best(0));
    assertThat(text)
        .startsWith(image + ": " + name + " (0.")
        .containsPattern(", experts \\d \\(0\\.\\d{3}\\) \\d \\(0\\.\\d{3}\\)\\R$");
    assertThat(run("--routing", image.toString())).containsPattern(", gate( 0\\.\\d{3}){3}\\R$");
  }

  @Test
  void shouldPrintOneJsonObjectForMoreImagesThanOneRequestHolds() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--json"));
    for (int i = 0; i < 70; i++) {
      arguments.add(image(i % test.size()).toString());
    }

    JsonNode json = JsonMapper.shared().readTree(run(arguments.toArray(String[]::new)));

    assertThat(json.get("model").asString()).isEqualTo("tiny-top2");
    assertThat(json.get("predictions").size()).isEqualTo(70);
    for (int i = 0; i < 70; i++) {
      JsonNode answer = json.get("predictions").get(i);
      assertThat(answer.get("image").asString()).isEqualTo(arguments.get(i + 1));
      assertThat(answer.get("class_index").asInt()).isEqualTo(best(i % test.size()));
      assertThat(answer.get("experts").size()).isEqualTo(2);
      assertThat(answer.has("gate_probabilities")).isFalse();
    }
  }

  @Test
  void shouldNameAFileThatIsMissing() {
    AtomicReference<Exception> failure = new AtomicReference<>();
    Path missing = folder.resolve("missing.png");

    new CommandLine(new PredictCommand())
        .setExecutionExceptionHandler(
            (e, line, parsed) -> {
              failure.set(e);
              return 3;
            })
        .execute("--target", server.grpcAddress(), missing.toString());

    assertThat(failure.get()).isInstanceOf(BadInput.class).hasMessage(missing + ": no such file");
  }

  /** Most probable class of a row as the trained model said. */
  private static int best(int row) {
    int classes = test.classes().size();
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (test.outputs()[row * classes + c] > test.outputs()[row * classes + best]) {
        best = c;
      }
    }
    return best;
  }

  private Path image(int row) throws IOException {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    byte[] values = new byte[64];
    test.rows().data().duplicate().get(row * 64, values);
    image.getRaster().setDataElements(0, 0, 8, 8, values);
    Path file = folder.resolve("row-" + row + ".png");
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private static String run(String... arguments) {
    StringWriter out = new StringWriter();
    List<String> all =
        new ArrayList<>(List.of("--target", server.grpcAddress(), "--model", "tiny-top2"));
    all.addAll(List.of(arguments));
    int code =
        new CommandLine(new PredictCommand())
            .setOut(new PrintWriter(out))
            .execute(all.toArray(String[]::new));
    assertThat(code).isZero();
    return out.toString();
  }
}
