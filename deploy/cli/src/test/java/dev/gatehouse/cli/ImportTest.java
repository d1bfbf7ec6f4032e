package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.client.GatehouseClient;
import dev.gatehouse.client.Query;
import dev.gatehouse.exporter.testing.ForeignNets;
import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.proto.v1.PredictResponse;
import dev.gatehouse.proto.v1.Prediction;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A team's own files are imported, looked at, signed, served and asked. */
class ImportTest {
  private static final int FEATURES = 4;

  @TempDir private Path folder;
  private final ForeignNets gate = ForeignNets.random(21, FEATURES, 2);
  private final List<ForeignNets> experts =
      List.of(ForeignNets.random(22, FEATURES, 3), ForeignNets.random(23, FEATURES, 3));
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void write() throws IOException {
    gate.pyTorch(17).write(folder.resolve("gate.onnx"));
    experts.get(0).tensorFlow(15).write(folder.resolve("a.onnx"));
    experts.get(1).viewed(18).write(folder.resolve("b.onnx"));
    Files.writeString(folder.resolve("classes.txt"), "cat\ndog\nnewt\n");
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Main.commandLine(Map.of());
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private int importing(String... more) {
    return run(
        Stream.concat(
                Stream.of(
                    "import",
                    "--gate",
                    path("gate.onnx"),
                    "--expert",
                    path("a.onnx"),
                    "--expert",
                    path("b.onnx"),
                    "--out",
                    path("models"),
                    "--name",
                    "pets"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void shouldServeWhatWasTrainedElsewhere() throws Exception {
    assertThat(importing("--range", "-1..1", "--classes", path("classes.txt")))
        .as(err.toString())
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains(
            "model   pets/1: 2 experts, sparse, top-1",
            "gate.onnx: 'logits' gives logits (rows do not add up to 1); a softmax is appended;"
                + " left out: features",
            "a.onnx: 'Identity:0' gives probabilities (it ends in Softmax)",
            "portable 256 rows",
            "served   256 rows");
    assertThat(run("verify", path("models/pets/1"))).as(err.toString()).isEqualTo(ExitCode.OK);
    assertThat(run("inspect", path("models/pets/1"), "--html", path("pets.html")))
        .isEqualTo(ExitCode.OK);
    assertThat(folder.resolve("pets.html")).content().contains("cat, dog, newt");
    assertThat(run("sign", "--new-key", path("key"))).isEqualTo(ExitCode.OK);
    assertThat(run("sign", path("models/pets/1"), "--key", path("key"))).isEqualTo(ExitCode.OK);

    try (GatehouseProcess server =
        GatehouseProcess.start(
            "serve",
            "--models",
            path("models"),
            "--trusted-key",
            path("key.pub"),
            "--grpc-port",
            "0",
            "--http-port",
            "0",
            "--json")) {
      JsonNode started = server.json();
      answersLikePlainLoops(started.get("grpc").asString());
      String http = started.get("http").asString();
      JsonNode model = get(http + "/api/models").get(0);
      assertThat(model.get("dataset").isNull()).isTrue();
      assertThat(model.get("test_accuracy").isNull()).isTrue();
      JsonNode examples = get(http + "/api/examples?model=pets");
      assertThat(examples.get("rows")).hasSize(24);
      assertThat(examples.get("labels").isNull()).isTrue();
      assertThat(server.terminate()).isZero();
    }
  }

  private void answersLikePlainLoops(String target) {
    Random random = new Random(24);
    int rows = 40;
    float[] values = new float[rows * FEATURES];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    try (GatehouseClient client = GatehouseClient.connect(target)) {
      PredictResponse response = client.predictFp32(Query.of("pets").withRouting(), rows, values);
      for (int row = 0; row < rows; row++) {
        float[] x = java.util.Arrays.copyOfRange(values, row * FEATURES, (row + 1) * FEATURES);
        double[] p = gate.probabilities(x);
        int chosen = p[0] >= p[1] ? 0 : 1;
        double[] expected = experts.get(chosen).probabilities(x);
        Prediction answer = response.getPredictions(row);
        assertThat(answer.getRouting().getExpertIndices(0)).as("row %d", row).isEqualTo(chosen);
        for (int c = 0; c < expected.length; c++) {
          assertThat((double) answer.getProbabilities(c))
              .as("row %d, class %d", row, c)
              .isCloseTo(expected[c], within(2e-5));
        }
      }
    }
  }

  private static JsonNode get(String address) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address)).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  /** What docs/importing.md tells people to do, done. */
  @Test
  void shouldDoAndPrintWhatTheDocumentShows() throws Exception {
    Path root = Path.of(System.getProperty("gatehouse.root")).toAbsolutePath();
    Files.createDirectory(folder.resolve("pytorch"));
    try (Stream<Path> files = Files.list(root.resolve("exporter/src/test/resources/pytorch"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, folder.resolve("pytorch").resolve(file.getFileName().toString()));
      }
    }
    List<ConsoleBlocks.Step> steps =
        ConsoleBlocks.steps(Files.readString(root.resolve("docs/importing.md")), "## An example");
    assertThat(steps).hasSize(3);

    for (ConsoleBlocks.Step step : steps) {
      List<String> words = new ArrayList<>(List.of(step.command().split(" ", -1)));
      assertThat(words.remove(0)).isEqualTo("./gatehouse");
      boolean serves = words.remove("&");
      if (serves) {
        words.addAll(List.of("--grpc-port", "0", "--http-port", "0"));
      }
      try (GatehouseProcess process =
          GatehouseProcess.start(
              folder, Map.of(), ProcessBuilder.Redirect.INHERIT, words.toArray(String[]::new))) {
        step.requirePrinted(serves ? process.output().readLine() : all(process));
      }
    }
  }

  private static String all(GatehouseProcess process) throws InterruptedException {
    String printed = String.join("\n", process.output().lines().toList());
    assertThat(process.process().waitFor()).as(printed).isZero();
    return printed;
  }

  @Test
  void shouldSayTheSameToPrograms() throws Exception {
    assertThat(importing("--range", "-1..1", "--classes", "x,y,z", "--dense", "--json"))
        .as(err.toString())
        .isEqualTo(ExitCode.OK);

    JsonNode printed = JsonMapper.shared().readTree(out.toString());
    assertThat(printed.get("version").intValue()).isEqualTo(1);
    assertThat(printed.get("notes")).hasSize(3);
    assertThat(printed.get("without_portable").isNull()).isTrue();
    assertThat(printed.get("max_abs_diff").doubleValue()).isLessThan(1e-5);
    assertThat(Files.readString(folder.resolve("models/pets/1/manifest.json")))
        .contains("\"routing\" : \"dense\"");
  }

  @Test
  void shouldRefuseInOneLineWithTheRightExitCode() throws Exception {
    assertThat(importing()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString().lines()).singleElement().asString().contains("--range MIN..MAX");
    assertThat(importing("--classes", "x,y", "--range", "0..1")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("a.onnx: has no output of 32-bit floats and the shape [rows, 2]");
    assertThat(importing("--classes", "x,,y", "--range", "0..1")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(importing("--dense", "--top-k", "2")).isEqualTo(ExitCode.USAGE);
    assertThat(importing("--labels", path("y.npy"))).isEqualTo(ExitCode.USAGE);
    assertThat(importing("--range", "1")).isEqualTo(ExitCode.USAGE);
    assertThat(importing("--expert-output", "logarithms")).isEqualTo(ExitCode.USAGE);
    assertThat(importing("--range", "0..1", "--expert-output", "probabilities"))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err.toString()).contains("gives no probabilities (as --expert-output says)");
    assertThat(folder.resolve("models")).doesNotExist();
  }
}
