package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.run.Run;
import dev.gatehouse.proto.run.RunFolder;
import dev.gatehouse.trainer.data.DataSet;
import dev.gatehouse.trainer.data.DataSets;
import dev.gatehouse.trainer.data.LabelledRows;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From a user's own files to predictions of a server that are right for most rows. */
class OwnDataTest {
  private static final int SIDE = 28;

  /** Of the embedded set's twenty. */
  private static final int CLASSES = 6;

  private static final int DRAWINGS_A_CLASS = 100;
  private static final int ASKED = 120;

  @TempDir private Path folder;

  /** What a command said. */
  private record Said(int code, String out, String err) {
    JsonNode json() {
      assertThat(code).as(err).isEqualTo(ExitCode.OK);
      return JsonMapper.shared().readTree(out);
    }
  }

  private static Said run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return new Said(line.execute(arguments), out.toString(), err.toString());
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  // --- a folder of images ----------------------------------------------------------------------

  @Test
  void shouldServeAModelOfAFolderOfImages() throws Exception {
    DataSet strokes = DataSets.load("strokes", null);
    draw(strokes, strokes.train(), CLASSES * DRAWINGS_A_CLASS, "photos/%s/%d.png");

    train(path("photos"), "--gate", "softmax", "--batch", "32", "--epochs", "12");
    Run run = RunFolder.open(folder.resolve("run")).completeRun();
    assertThat(run.dataset().name()).isEqualTo("photos");
    assertThat(run.model().classes()).hasSize(CLASSES);

    // The run knows where its data are: no flag names them again.
    assertThat(run("evaluate", path("run")).code()).isEqualTo(ExitCode.OK);
    Map<String, String> expected = draw(strokes, strokes.test(), ASKED, "asked/%s-%d.png");
    List<String> asked = new ArrayList<>(List.of("--json"));
    asked.addAll(expected.keySet());
    assertThat(right(served(asked), expected)).isGreaterThanOrEqualTo(ASKED * 3 / 4);
  }

  /**
   * Writes drawings of the first classes as files.
   *
   * @param form of a file's name, from class and number
   * @return class of each file
   */
  private Map<String, String> draw(DataSet strokes, LabelledRows rows, int count, String form)
      throws IOException {
    Map<String, String> classes = new LinkedHashMap<>();
    for (int row = 0; classes.size() < count; row++) {
      if (rows.labels()[row] < CLASSES) {
        String name = strokes.classes().get(rows.labels()[row]);
        String file = form.formatted(name, row);
        draw(rows, row, file);
        classes.put(path(file), name);
      }
    }
    return classes;
  }

  private void draw(LabelledRows rows, int row, String name) throws IOException {
    byte[] pixels = new byte[SIDE * SIDE];
    rows.rows().data().get(row * pixels.length, pixels);
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, SIDE, SIDE, pixels);
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  // --- a table ---------------------------------------------------------------------------------

  @Test
  void shouldServeAModelOfATable() throws Exception {
    Random random = new Random(7);
    List<String> known = flowers(1_000, random);
    Files.writeString(
        folder.resolve("flowers.csv"), "petal,colour,id,species\n" + String.join("\n", known));

    train(
        path("flowers.csv"),
        "--column",
        "id=ignore",
        "--gate",
        "softmax",
        "--batch",
        "32",
        "--epochs",
        "10");

    // Other rows, their columns in another order, without the label.
    List<String> fresh = flowers(ASKED, random);
    StringBuilder csv = new StringBuilder("colour,petal\n");
    Map<String, String> expected = new HashMap<>();
    for (int i = 0; i < ASKED; i++) {
      String[] cells = fresh.get(i).split(",", -1);
      csv.append(cells[1]).append(',').append(cells[0]).append('\n');
      expected.put(path("fresh.csv") + ":" + (i + 2), cells[3]);
    }
    Files.writeString(folder.resolve("fresh.csv"), csv);
    assertThat(right(served(List.of("--json", path("fresh.csv"))), expected))
        .isGreaterThanOrEqualTo(ASKED * 4 / 5);
  }

  /** Roses and tulips differ in colour, irises in their petals: neither column alone will do. */
  private static List<String> flowers(int count, Random random) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String species = List.of("iris", "rose", "tulip").get(random.nextInt(3));
      double petal = random.nextGaussian(species.equals("iris") ? 1.5 : 5, 0.5);
      boolean typical = random.nextDouble() < 0.95;
      String colour =
          species.equals("iris")
              ? List.of("white", "red", "yellow").get(random.nextInt(3))
              : species.equals("rose") == typical ? "red" : "yellow";
      rows.add("%.3f,%s,%d,%s".formatted(petal, colour, i, species));
    }
    return rows;
  }

  // --- what goes wrong -------------------------------------------------------------------------

  @Test
  void shouldNameTheFileAndLeaveNothingBehind() throws Exception {
    DataSet strokes = DataSets.load("strokes", null);
    draw(strokes.test(), 0, "photos/a/0.png");
    Path broken = folder.resolve("photos/b/0.png");
    Files.createDirectories(broken.getParent());
    Files.writeString(broken, "no image");

    refused(broken + ": is neither PNG nor JPEG", "--dataset", path("photos"));
    refused(path("none.csv") + ": no such file", "--dataset", path("none.csv"));
    refused(
        "label and columns are said of tables, TABLE.csv; dataset=" + path("photos"),
        "--dataset",
        path("photos"),
        "--label",
        "species");
    refused(
        "image_size and channels are said of folders of images, ./FOLDER; dataset=mnist",
        "--dataset",
        "mnist",
        "--image-size",
        "28x28");
    assertThat(run("train", "--image-size", "28", "--out", path("run")).code())
        .isEqualTo(ExitCode.USAGE);
  }

  private void refused(String reason, String... arguments) {
    List<String> all = new ArrayList<>(List.of("train", "--out", path("run")));
    all.addAll(List.of(arguments));
    Said said = run(all.toArray(String[]::new));
    assertThat(said.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said.err()).isEqualTo("gatehouse: " + reason + System.lineSeparator());
    assertThat(folder.resolve("run")).doesNotExist();
  }

  // --- the way of both -------------------------------------------------------------------------

  private void train(String dataset, String... options) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "train", "--dataset", dataset, "--experts", "3", "--out", path("run"), "--json"));
    all.addAll(List.of(options));
    assertThat(run(all.toArray(String[]::new)).json().has("test")).isTrue();
  }

  /** Exports the run, serves it in a process of its own and asks it. */
  private JsonNode served(List<String> asked) throws Exception {
    assertThat(run("export", "--run", path("run"), "--out", path("models"), "--name", "own").code())
        .isEqualTo(ExitCode.OK);
    try (GatehouseProcess server =
        GatehouseProcess.start(
            "serve",
            "--models",
            path("models"),
            "--grpc-port",
            "0",
            "--http-port",
            "0",
            "--json")) {
      List<String> all = new ArrayList<>(List.of("predict", "--target"));
      all.add(server.json().get("grpc").asString());
      all.addAll(asked);
      JsonNode answers = run(all.toArray(String[]::new)).json();
      assertThat(server.terminate()).isZero();
      return answers;
    }
  }

  private static int right(JsonNode answers, Map<String, String> expected) {
    assertThat(answers.get("predictions").size()).isEqualTo(expected.size());
    int right = 0;
    for (JsonNode answer : answers.get("predictions")) {
      String row = answer.get("row").asString();
      right += answer.get("class_name").asString().equals(expected.get(row)) ? 1 : 0;
    }
    return right;
  }
}
