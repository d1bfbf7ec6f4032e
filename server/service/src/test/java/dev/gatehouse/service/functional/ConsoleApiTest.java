package dev.gatehouse.service.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.service.testing.Golden;
import dev.gatehouse.service.testing.ModelsOnDisk;
import dev.gatehouse.service.testing.Png;
import dev.gatehouse.service.testing.RunningServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the page asks over HTTP, answered as gRPC answers it. */
class ConsoleApiTest {
  private static final String JSON = "application/json";
  private static final String PREDICT = "/api/predict?model=";
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.ofGolden();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {Golden.TOP1, Golden.TOP2, Golden.DENSE, Golden.SINGLE})
  void shouldAnswerARowAsTheTrainedModelDid(String name) {
    Golden golden = Golden.of(name);
    int classes = golden.manifest().classes().size();
    int experts = golden.manifest().experts();
    for (int row = 0; row < 20; row++) {
      JsonNode fromJson = json(server.post(PREDICT + name, JSON, values(golden.row(row))));
      JsonNode fromPng =
          json(server.post(PREDICT + name, "image/png", Png.grey(golden.row(row), 8, 8)));

      assertThat(withoutTime(fromPng)).isEqualTo(withoutTime(fromJson));
      for (int c = 0; c < classes; c++) {
        assertThat(fromJson.get("probabilities").get(c).asDouble())
            .isCloseTo(golden.selfTest().outputs()[row * classes + c], within(1e-5));
      }
      for (int e = 0; e < experts; e++) {
        assertThat(fromJson.get("gate_probabilities").get(e).asDouble())
            .isCloseTo(golden.selfTest().gateProbabilities()[row * experts + e], within(1e-5));
      }
      assertThat(fromJson.get("class_name").asString())
          .isEqualTo(golden.manifest().classes().get(fromJson.get("class_index").asInt()));
    }
  }

  @Test
  void shouldCountWhatItAnswersAsTheMetricsDo() {
    Golden golden = Golden.of(Golden.TOP2);
    List<Integer> before = hits(Golden.TOP2);

    JsonNode answer = json(server.post(PREDICT + Golden.TOP2, JSON, values(golden.row(3))));

    List<Integer> expected = new ArrayList<>(before);
    for (JsonNode expert : answer.get("expert_indices")) {
      expected.set(expert.asInt(), expected.get(expert.asInt()) + 1);
    }
    assertThat(answer.get("experts_run").asInt()).isEqualTo(2);
    assertThat(hits(Golden.TOP2)).isEqualTo(expected);
    for (int e = 0; e < expected.size(); e++) {
      assertThat(
              server
                  .scrape()
                  .sum("gatehouse_expert_hits_total", "model", Golden.TOP2, "expert", "" + e))
          .isEqualTo(expected.get(e).doubleValue());
    }
  }

  @Test
  void shouldListTheModelsWithTheirBaseline() {
    JsonNode models = json(server.http("GET", "/api/models"));

    assertThat(models.size()).isEqualTo(Golden.NAMES.size());
    for (JsonNode model : models) {
      Golden golden = Golden.of(model.get("model").asString());
      assertThat(model.get("experts").asInt()).isEqualTo(golden.manifest().experts());
      assertThat(model.get("baseline").valueStream().map(JsonNode::asDouble).toList())
          .isEqualTo(golden.manifest().baseline().share());
      assertThat(model.get("input").get("shape").size())
          .isEqualTo(golden.manifest().input().shape().dims().size());
    }
  }

  /** The run's results are those of the weights before they were rounded. */
  @Test
  void shouldSayHowOftenRoundedWeightsAreRight(@TempDir Path folder) throws Exception {
    ModelsOnDisk models = new ModelsOnDisk(folder);
    models.copy(Golden.TOP1, 1);
    Path rounded = models.copy("tiny-int8", 1);
    models.replace(rounded, "\"error\" : 0.609375", "\"error\" : 0.125");
    models.replace(
        rounded,
        "\"on\" : \"self_test\",\n      \"rows\" : 64",
        "\"on\" : \"self_test\",\n      \"rows\" : 40");

    try (RunningServer few = RunningServer.of(folder)) {
      JsonNode listed = json(few.http("GET", "/api/models"));
      assertThat(listed.valueStream().map(model -> model.get("model").asString()))
          .containsExactly("tiny-int8", "tiny-top1");
      assertThat(listed.get(0).get("test_accuracy").asDouble()).isEqualTo(0.875);
      assertThat(listed.get(0).get("test_rows").asInt()).isEqualTo(40);
      assertThat(listed.get(1).get("test_accuracy").asDouble())
          .isEqualTo(1 - Golden.of(Golden.TOP1).manifest().results().test().servedError());
      assertThat(listed.get(1).get("test_rows").asInt()).isEqualTo(64);
    }
  }

  @Test
  void shouldGiveRowsToTryWithTheirTrueClasses() {
    Golden golden = Golden.of(Golden.TOP1);

    JsonNode examples = json(server.http("GET", "/api/examples?model=" + Golden.TOP1));

    assertThat(examples.get("rows").size()).isEqualTo(24);
    for (int row = 0; row < 24; row++) {
      assertThat(examples.get("labels").get(row).asInt())
          .isEqualTo(golden.selfTest().labels()[row]);
      assertThat(examples.get("rows").get(row).valueStream().map(JsonNode::asInt).toList())
          .isEqualTo(unsigned(golden.row(row)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/predict                       | 404 | name a model",
        "/api/predict?model=nobody          | 404 | unknown model 'nobody'",
        "/api/predict?model=tiny-top1&version=9 | 404 | has no version 9",
        "/api/predict?model=tiny-top1&version=x | 400 | version must be a whole number; version=x",
        "/api/predict?model=tiny-top1       | 400 | a row has 64 values; values=2",
        "/api/nothing                       | 404 | nothing stands here",
        "/api/models                        | 405 | answers GET, HEAD only"
      })
  void shouldSayInOneLineWhyThereIsNoAnswer(String path, int status, String line) {
    HttpResponse<String> answer = server.post(path, JSON, bytes("{\"values\": [1, 2]}"));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).get("error").asString()).contains(line).doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | {\"values\": null}   | values must not be null",
        "application/json | {\"rows\": [1]}      | the body",
        "application/json | {\"values\": [1,     | the body",
        "image/png        | no image             | is neither PNG nor JPEG",
        "text/plain       | 1 2 3                | Content-Type is image/png"
      })
  void shouldRefuseABodyThatIsNoRow(String type, String body, String line) {
    HttpResponse<String> answer = server.post(PREDICT + Golden.TOP1, type, bytes(body));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("error").asString()).contains(line);
  }

  @Test
  void shouldRefuseAnImageOfAnotherSizeAndAnImageForATable() {
    byte[] image = Png.grey(new byte[9], 3, 3);

    assertThat(server.post(PREDICT + Golden.TOP1, "image/png", image).body())
        .contains("has 3 x 3 pixels (height x width), the model takes 8 x 8");
    assertThat(server.post(PREDICT + Golden.TABLE, "image/png", image).body())
        .contains("the model takes no images; send rows of FP32");
  }

  @Test
  void shouldReadNoBodyWithoutEnd() {
    HttpResponse<String> answer =
        server.post(PREDICT + Golden.TOP1, "image/png", new byte[(16 << 20) + 1]);

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(json(answer).get("error").asString()).contains("more than 16 MiB");
  }

  /** Most clients read no answer before they have sent all; a reset connection would lose it. */
  @Test
  void shouldAnswerAClientThatSendsAllOfTooMuchFirst() throws Exception {
    int length = 20 << 20;
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n"
            .formatted(PREDICT + Golden.TOP1, length);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server().httpPort())) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      byte[] piece = new byte[1 << 16];
      for (int sent = 0; sent < length; sent += piece.length) {
        socket.getOutputStream().write(piece);
      }
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

      assertThat(answer.readLine()).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void shouldLetThePageLoadNothingFromElsewhere() {
    HttpResponse<String> page = server.http("GET", "/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'self'");
    assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
  }

  private static List<Integer> hits(String name) {
    return json(server.http("GET", "/api/load"))
        .valueStream()
        .filter(load -> load.get("model").asString().equals(name))
        .flatMap(load -> load.get("hits").valueStream())
        .map(JsonNode::asInt)
        .toList();
  }

  private static JsonNode withoutTime(JsonNode answer) {
    ((ObjectNode) answer).remove("microseconds");
    return answer;
  }

  private static JsonNode json(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("content-type")).contains(JSON);
    return JsonMapper.shared().readTree(answer.body());
  }

  private static byte[] values(byte[] row) {
    StringJoiner values = new StringJoiner(",", "{\"values\":[", "]}");
    unsigned(row).forEach(value -> values.add(value.toString()));
    return bytes(values.toString());
  }

  private static List<Integer> unsigned(byte[] row) {
    List<Integer> values = new ArrayList<>();
    for (byte value : row) {
      values.add(value & 0xff);
    }
    return values;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
