package dev.gatehouse.service.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.v1.PredictRequest;
import dev.gatehouse.proto.v1.PredictResponse;
import dev.gatehouse.proto.v1.Prediction;
import dev.gatehouse.proto.v1.Tensor;
import dev.gatehouse.service.testing.Golden;
import dev.gatehouse.service.testing.NanExperts;
import dev.gatehouse.service.testing.Node;
import dev.gatehouse.service.testing.RunningServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Node's gRPC client against the server, and the ONNX Runtimes of Node and of browsers against the
 * portable model.
 */
class NodeTest {
  private static final String DIMS = "1,8,8";
  private static final int IMAGES = 100;
  private static final String NAN = "nan";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {Golden.TOP1, Golden.TOP2, Golden.CERTIFIED, Golden.DENSE})
  void shouldGiveNodeTheAnswersThatJavaGets(String name) throws Exception {
    Node node = Node.installed();
    byte[] images = images(Golden.of(name));
    Path file = Files.write(folder.resolve("images.u8"), images);
    try (RunningServer server = RunningServer.ofGolden()) {
      PredictResponse java = server.predictions().predict(request(name, images));

      JsonNode answers =
          node.run(
              "predict.mjs",
              server.server().grpcAddress(),
              Path.of(System.getProperty("gatehouse.root"), "proto/src/main/protobuf").toString(),
              name,
              file.toString(),
              "64",
              DIMS);

      int[] counts =
          java.getPredictionsList().stream()
              .mapToInt(prediction -> prediction.getRouting().getExpertIndicesCount())
              .toArray();
      int most = Arrays.stream(counts).max().orElseThrow();
      requireSame(answers.get("predict"), java, 0, name + " predict");
      requireSame(answers.get("infer"), java, most, name + " infer");
      assertThat(server.scrape().sum("gatehouse_rows_total")).isEqualTo(3 * IMAGES);
      assertThat(server.scrape().sum("gatehouse_expert_hits_total"))
          .isEqualTo(3 * Arrays.stream(counts).sum());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {Golden.TOP1, Golden.TOP2})
  void shouldRunNoExpertThatTheGateDidNotChoose(String name) throws Exception {
    Node node = Node.installed();
    Golden golden = Golden.of(name);
    Path model = Golden.MODELS.resolve(name).resolve("1").resolve("model.onnx");
    JsonNode whole = portable(node, model, golden);
    List<List<Integer>> chosen = chosen(whole, golden);
    long spared = 0;

    for (int expert = 0; expert < golden.manifest().experts(); expert++) {
      Path poisoned = folder.resolve("expert-" + expert + ".onnx");
      assertThat(NanExperts.poison(model, expert, poisoned)).isPositive();

      JsonNode sick = portable(node, poisoned, golden);

      int j = expert;
      long rowsOfExpert = chosen.stream().filter(experts -> experts.contains(j)).count();
      assertThat(rowsOfExpert).as("rows of expert " + j).isPositive();
      spared += golden.rows() - rowsOfExpert;
      for (int row = 0; row < golden.rows(); row++) {
        List<String> expected = row(whole, row, golden);
        assertThat(row(sick, row, golden))
            .as(name + " expert " + j + " row " + row)
            .isEqualTo(
                chosen.get(row).contains(j) ? Collections.nCopies(expected.size(), NAN) : expected);
      }
    }
    int left = golden.manifest().experts() - golden.manifest().rule().k();
    assertThat(spared).isEqualTo((long) left * golden.rows());
  }

  @Test
  void shouldSayThatADenseModelRunsEveryExpert() throws Exception {
    Node node = Node.installed();
    Golden golden = Golden.of(Golden.DENSE);
    Path model = Golden.MODELS.resolve(Golden.DENSE).resolve("1").resolve("model.onnx");
    Path poisoned = folder.resolve("dense.onnx");
    assertThat(NanExperts.poison(model, 1, poisoned)).isPositive();

    JsonNode sick = portable(node, poisoned, golden);

    for (int row = 0; row < golden.rows(); row++) {
      assertThat(row(sick, row, golden)).containsOnly(NAN);
    }
  }

  private JsonNode portable(Node node, Path model, Golden golden)
      throws IOException, InterruptedException {
    return portable(node, "onnxruntime-node", model, golden);
  }

  /** What a runtime says of the self-test's rows, in the element type that the graph takes. */
  private JsonNode portable(Node node, String runtime, Path model, Golden golden)
      throws IOException, InterruptedException {
    boolean bytes = List.of(Golden.UINT8, Golden.INT8).contains(golden.manifest().name());
    Path rows =
        Files.write(folder.resolve("rows"), bytes ? golden.bytes() : Golden.asFp32(golden.bytes()));
    return node.run(
        "portable.mjs",
        runtime,
        model.toString(),
        rows.toString(),
        bytes ? "uint8" : "float32",
        golden.manifest().input().shape().dims().stream()
            .map(Object::toString)
            .collect(Collectors.joining(",")));
  }

  static Stream<Arguments> runtimesAndModels() {
    return Stream.of("onnxruntime-node", "onnxruntime-web")
        .flatMap(runtime -> Golden.NAMES.stream().map(model -> Arguments.of(runtime, model)));
  }

  @ParameterizedTest
  @MethodSource("runtimesAndModels")
  void shouldAnswerInAnyRuntimeAsTheTrainedModelDid(String runtime, String name) throws Exception {
    Golden golden = Golden.of(name);
    Path model = Golden.MODELS.resolve(name).resolve("1").resolve("model.onnx");

    JsonNode answer = portable(Node.installed(), runtime, model, golden);

    assertThat(values(answer, Manifest.GATE_PROBABILITIES))
        .containsExactly(golden.selfTest().gateProbabilities(), within(1e-5f));
    float[] probabilities = values(answer, Manifest.PROBABILITIES);
    assertThat(probabilities).containsExactly(golden.selfTest().outputs(), within(1e-5f));
    int classes = golden.manifest().classes().size();
    for (int row = 0; row < golden.rows(); row++) {
      int said = answer.get(Manifest.CLASS).get("values").get(row).asInt();
      for (int c = 0; c < classes; c++) {
        assertThat(probabilities[row * classes + said])
            .isGreaterThanOrEqualTo(probabilities[row * classes + c]);
      }
    }
  }

  private static float[] values(JsonNode outputs, String name) {
    JsonNode bits = outputs.get(name).get("values");
    float[] values = new float[bits.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(Integer.parseUnsignedInt(bits.get(i).asString(), 16));
    }
    return values;
  }

  private static List<List<Integer>> chosen(JsonNode outputs, Golden golden) {
    JsonNode indices = outputs.get(Manifest.EXPERT_INDICES).get("values");
    int k = golden.manifest().rule().k();
    return IntStream.range(0, golden.rows())
        .mapToObj(
            row ->
                IntStream.range(0, k).map(i -> indices.get(row * k + i).asInt()).boxed().toList())
        .toList();
  }

  /** Bits of a row's class probabilities; any NaN as one word. */
  private static List<String> row(JsonNode outputs, int row, Golden golden) {
    JsonNode bits = outputs.get(Manifest.PROBABILITIES).get("values");
    int classes = golden.manifest().classes().size();
    return IntStream.range(row * classes, (row + 1) * classes)
        .mapToObj(i -> bits.get(i).asString())
        .map(
            hex -> Float.isNaN(Float.intBitsToFloat(Integer.parseUnsignedInt(hex, 16))) ? NAN : hex)
        .toList();
  }

  /**
   * Requires the answers that Java got.
   *
   * @param k a row's experts are filled up to so many with -1
   */
  private static void requireSame(JsonNode node, PredictResponse java, int k, String where) {
    for (int row = 0; row < IMAGES; row++) {
      Prediction expected = java.getPredictions(row);
      String at = where + " row " + row;
      assertThat(node.get("classes").get(row).asInt()).as(at).isEqualTo(expected.getClassIndex());
      assertThat(floats(node.get("experts").get(row)))
          .as(at)
          .isEqualTo(
              Stream.concat(
                      expected.getRouting().getExpertIndicesList().stream(),
                      Stream.generate(() -> -1))
                  .limit(Math.max(k, expected.getRouting().getExpertIndicesCount()))
                  .map(Integer::floatValue)
                  .toList());
      assertThat(floats(node.get("probabilities").get(row)))
          .as(at)
          .isEqualTo(expected.getProbabilitiesList());
      assertThat(floats(node.get("gate").get(row)))
          .as(at)
          .isEqualTo(expected.getRouting().getGateProbabilitiesList());
    }
  }

  private static List<Float> floats(JsonNode array) {
    return IntStream.range(0, array.size()).mapToObj(i -> (float) array.get(i).asDouble()).toList();
  }

  /** A hundred images: the self-test's rows, again from the start when they end. */
  private static byte[] images(Golden golden) {
    ByteArrayOutputStream images = new ByteArrayOutputStream();
    for (int i = 0; i < IMAGES; i++) {
      images.writeBytes(golden.row(i % golden.rows()));
    }
    return images.toByteArray();
  }

  private static PredictRequest request(String model, byte[] images) {
    return PredictRequest.newBuilder()
        .setModel(model)
        .setTensor(Tensor.newBuilder().setRows(IMAGES).setUint8(ByteString.copyFrom(images)))
        .setRouting(true)
        .build();
  }
}
