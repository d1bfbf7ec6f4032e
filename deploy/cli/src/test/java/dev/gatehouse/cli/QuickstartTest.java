package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.gatehouse.client.GatehouseClient;
import dev.gatehouse.client.Query;
import dev.gatehouse.proto.v1.PredictResponse;
import dev.gatehouse.proto.v1.Prediction;
import dev.gatehouse.service.testing.Node;
import dev.gatehouse.trainer.data.DataSets;
import dev.gatehouse.trainer.data.LabelledRows;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole path on real data, in a process of its own, asked by clients in two languages. */
class QuickstartTest {
  private static final int IMAGES = 100;

  @TempDir private Path folder;

  @Test
  void shouldTrainServeAndCountMnistWithOneExpertARow() throws Exception {
    Path data = Path.of(System.getProperty("gatehouse.data"), "mnist");
    if (!Files.isDirectory(data)) {
      String message = data + " is not there: the quickstart on MNIST is not tested";
      if ("true".equals(System.getenv("CI"))) {
        fail(message);
      }
      Assumptions.abort(message);
    }
    try (GatehouseProcess quickstart =
        GatehouseProcess.start(
            "quickstart",
            "--dataset",
            "mnist",
            "--data-dir",
            data.toString(),
            "--work",
            folder.resolve("work").toString(),
            "--grpc-port",
            "0",
            "--http-port",
            "0",
            "--json")) {
      JsonNode report = quickstart.json();

      assertThat(report.get("test_accuracy").asDouble()).isGreaterThanOrEqualTo(0.97);
      assertThat(report.get("test_rows").asInt()).isEqualTo(10_000);
      assertThat(sum(report.get("expert_hits"))).isEqualTo(10_000);
      assertThat(report.get("experts_computed_per_row").asDouble()).isEqualTo(1.0);
      assertThat(report.get("max_abs_diff").asDouble()).isBetween(0.0, 1e-4);

      LabelledRows images = DataSets.load("mnist", data).test().slice(0, IMAGES);
      List<Integer> java = askJava(report.get("grpc").asString(), images);
      JsonNode node = askNode(report.get("grpc").asString(), images);
      assertThat(ints(node.get("predict").get("classes"))).isEqualTo(java);
      assertThat(ints(node.get("infer").get("classes"))).isEqualTo(java);

      // Java sent its hundred once, Node once to each service.
      assertThat(hits(report.get("http").asString())).isEqualTo(10_000 + 3 * IMAGES);
      assertThat(quickstart.terminate()).isZero();
    }
  }

  private static List<Integer> askJava(String target, LabelledRows images) {
    byte[] pixels = bytes(images);
    try (GatehouseClient client = GatehouseClient.connect(target)) {
      PredictResponse answer = client.predictUint8(Query.of("mnist"), IMAGES, pixels);
      return answer.getPredictionsList().stream().map(Prediction::getClassIndex).toList();
    }
  }

  private JsonNode askNode(String target, LabelledRows images) throws Exception {
    Path file = Files.write(folder.resolve("images.u8"), bytes(images));
    Path protos = Path.of(System.getProperty("gatehouse.root"), "proto/src/main/protobuf");
    return Node.installed()
        .run(
            "predict.mjs",
            target,
            protos.toString(),
            "mnist",
            file.toString(),
            Integer.toString(28 * 28),
            "1,28,28");
  }

  private static long hits(String http) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(http + "/metrics")).build();
    String text =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    return text.lines()
        .filter(line -> line.startsWith("gatehouse_expert_hits_total{"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static byte[] bytes(LabelledRows images) {
    byte[] pixels = new byte[images.rows().data().remaining()];
    images.rows().data().get(pixels);
    return pixels;
  }

  private static List<Integer> ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asInt).toList();
  }

  private static long sum(JsonNode array) {
    return ints(array).stream().mapToLong(Integer::longValue).sum();
  }
}
