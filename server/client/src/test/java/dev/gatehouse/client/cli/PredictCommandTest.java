package dev.gatehouse.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.BadInput;
import dev.gatehouse.proto.bundle.Bundle;
import dev.gatehouse.proto.bundle.SelfTest;
import dev.gatehouse.proto.image.EncodedImage;
import dev.gatehouse.service.app.Server;
import dev.gatehouse.service.app.ServerOptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import org.assertj.core.api.AbstractThrowableAssert;
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
      assertThat(answer.get("row").asString()).isEqualTo(arguments.get(i + 1));
      assertThat(answer.get("class_index").asInt()).isEqualTo(best(i % test.size()));
      assertThat(answer.get("experts").size()).isEqualTo(2);
      assertThat(answer.has("gate_probabilities")).isFalse();
    }
  }

  @Test
  void shouldBringAnImageToTheModelsSizeAndChannels() throws IOException {
    BufferedImage large = new BufferedImage(20, 12, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 240; i++) {
      large.setRGB(i % 20, i / 20, 0x10_4020 * (i % 9));
    }
    Path file = folder.resolve("large.png");
    ImageIO.write(large, "png", file.toFile());
    byte[] row;
    try (EncodedImage image = EncodedImage.open(Files.newInputStream(file))) {
      row = image.pixels().fitted(1, 8, 8).samples();
    }
    Path fitting = image("fitting.png", row);

    String of = run(file.toString()).replace(file.toString(), "");

    assertThat(of).isEqualTo(run(fitting.toString()).replace(fitting.toString(), ""));
  }

  @Test
  void shouldAskAboutTheRowsOfATableByTheirNames() throws IOException {
    SelfTest rows = Bundle.open(MODELS.resolve("tiny-table/1")).selfTest();
    StringBuilder csv = new StringBuilder("side,note,weight,always,height,colour\n");
    for (int row = 0; row < rows.size(); row++) {
      csv.append(line(rows, row)).append('\n');
    }
    Path file = Files.writeString(folder.resolve("rows.csv"), csv);

    JsonNode json = JsonMapper.shared().readTree(runWith("tiny-table", "--json", file.toString()));

    assertThat(json.get("predictions").size()).isEqualTo(rows.size());
    for (int row = 0; row < rows.size(); row++) {
      JsonNode answer = json.get("predictions").get(row);
      assertThat(answer.get("row").asString()).isEqualTo(file + ":" + (row + 2));
      assertThat(answer.get("class_index").asInt()).as(line(rows, row)).isEqualTo(best(rows, row));
    }
  }

  /** A row with its categories by name and a column that the model does not take. */
  private static String line(SelfTest rows, int row) {
    float[] values = rows.rows().floats();
    String colour = List.of("blue", "green", "red").get((int) values[5 * row + 1]);
    String side = List.of("left", "right").get((int) values[5 * row + 4]);
    return side + ",\"a, b\"," + values[5 * row] + ",yes," + values[5 * row + 2] + "," + colour;
  }

  @Test
  void shouldSayWhatATableLacks() throws IOException {
    String header = "weight,colour,height,always,side\n";
    refused(
        "no column 'side'; the model tiny-table takes weight, colour, height, always, side",
        table("weight,colour,height,always\n1,red,1,yes\n"));
    refused(
        "rows.csv: line 3, column 'colour' has no value 'mauve'; it has blue, green, red",
        table(header + "1,red,1,yes,left\n1,mauve,1,yes,left\n"));
    refused(
        "rows.csv: line 2, column 'weight' takes a finite number; got ''",
        table(header + ",red,1,yes,left\n"));
    refused("rows.csv: has no row below its first line", table(header));
  }

  @Test
  void shouldSayWhatTheModelTakesInstead() throws IOException {
    String csv = table("a,b\n1,2\n");
    assertFailure("tiny-top2", csv)
        .hasMessage(
            csv
                + ": the model tiny-top2 takes no columns; a row is UINT8 of shape [1, 8, 8]: give"
                + " PNG or JPEG files");
    String png = image(0).toString();
    assertFailure("tiny-table", png)
        .hasMessage(
            png
                + ": the model tiny-table takes no images; a row is FP32 of shape [5]: give a CSV"
                + " file with the columns weight, colour, height, always, side");
    assertFailure("tiny-table", csv, png).hasMessageStartingWith("one table at a time");
  }

  @Test
  void shouldNameAFileThatIsMissingOrNoImage() throws IOException {
    Path missing = folder.resolve("missing.png");
    assertFailure("tiny-top2", missing.toString()).hasMessage(missing + ": no such file");

    Path text = Files.writeString(folder.resolve("text.png"), "no image");
    assertFailure("tiny-top2", image(0).toString(), text.toString())
        .hasMessage(text + ": is neither PNG nor JPEG");
  }

  private String table(String text) throws IOException {
    return Files.writeString(folder.resolve("rows.csv"), text).toString();
  }

  private static void refused(String message, String table) {
    assertFailure("tiny-table", table).hasMessageEndingWith(message);
  }

  private static AbstractThrowableAssert<?, ?> assertFailure(String model, String... files) {
    AtomicReference<Exception> failure = new AtomicReference<>();
    List<String> all = new ArrayList<>(List.of("--target", server.grpcAddress(), "--model", model));
    all.addAll(List.of(files));
    new CommandLine(new PredictCommand())
        .setExecutionExceptionHandler(
            (e, line, parsed) -> {
              failure.set(e);
              return 3;
            })
        .execute(all.toArray(String[]::new));
    return assertThat(failure.get()).isInstanceOf(BadInput.class);
  }

  /** Most probable class of a row of the images as the trained model said. */
  private static int best(int row) {
    return best(test, row);
  }

  /** Most probable class of a row as the trained model said. */
  private static int best(SelfTest test, int row) {
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
    byte[] values = new byte[64];
    test.rows().data().duplicate().get(row * 64, values);
    return image("row-" + row + ".png", values);
  }

  private Path image(String name, byte[] values) throws IOException {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, 8, 8, values);
    Path file = folder.resolve(name);
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private static String run(String... arguments) {
    return runWith("tiny-top2", arguments);
  }

  private static String runWith(String model, String... arguments) {
    StringWriter out = new StringWriter();
    List<String> all = new ArrayList<>(List.of("--target", server.grpcAddress(), "--model", model));
    all.addAll(List.of(arguments));
    int code =
        new CommandLine(new PredictCommand())
            .setOut(new PrintWriter(out))
            .execute(all.toArray(String[]::new));
    assertThat(code).isZero();
    return out.toString();
  }
}
