package dev.gatehouse.service.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.engine.pipeline.MoeModel;
import dev.gatehouse.engine.tensor.Prediction;
import dev.gatehouse.engine.tensor.Routing;
import dev.gatehouse.engine.tensor.Rows;
import dev.gatehouse.service.testing.Golden;
import dev.gatehouse.service.testing.Node;
import dev.gatehouse.service.testing.Png;
import dev.gatehouse.service.testing.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page at the HTTP port's root, in a real browser. */
class ConsoleTest {
  private static final Map<String, Object> LOOK = Map.of("look", true);
  private static final Map<String, Object> DRAW =
      Map.of("draw", List.of(List.of(0.3, 0.2), List.of(0.7, 0.3), List.of(0.35, 0.8)));

  @TempDir private Path folder;

  @Test
  void shouldAnswerADrawingAndShowTheExpertThatRan() throws Exception {
    List<JsonNode> seen = see(List.of(Map.of("model", "tiny-top1 / 1"), LOOK, DRAW, LOOK));

    JsonNode before = seen.get(0);
    JsonNode after = seen.get(1);
    Prediction expected = answerOf(Golden.TOP1, after.get("row"));
    int expert = expected.routing().expertIndices()[0];
    assertThat(before.get("answer").isNull()).isTrue();
    assertThat(after.get("answer").asString())
        .isEqualTo(Golden.of(Golden.TOP1).manifest().classes().get(expected.classIndices()[0]));
    assertThat(after.get("ran").asString()).startsWith("Expert " + expert + " ran, 2 of 3 stayed");
    for (int e = 0; e < 3; e++) {
      JsonNode gate = after.get("gate").get(e);
      assertThat(gate.get("name").asString()).isEqualTo("expert " + e);
      assertThat(gate.get("marked").asBoolean()).as("expert %d ran", e).isEqualTo(e == expert);
      assertThat(gate.get("cells").get(1).asString())
          .isEqualTo(percent(expected.routing().gateProbabilities()[e]));
      assertThat(hits(after, e)).isEqualTo(e == expert ? "1" : "0");
    }
    assertThat(bar(before, expert)).isZero();
    assertThat(bar(after, expert)).isPositive();
    assertThat(after.get("rows").asString()).isEqualTo("1");
  }

  @Test
  void shouldAnswerAnImageThatIsOpenedAndOneThatIsDropped() throws Exception {
    // Dark ink on paper, larger than the model's images: turned round and made smaller.
    byte[] values = new byte[64 * 64];
    for (int i = 0; i < values.length; i++) {
      boolean ink = i % 64 >= 8 && i % 64 < 24 && i / 64 >= 40 && i / 64 < 56;
      values[i] = (byte) (ink ? 0 : 255);
    }
    Path image = Files.write(folder.resolve("ink.png"), Png.grey(values, 64, 64));

    List<JsonNode> seen =
        see(
            List.of(
                Map.of("model", "tiny-top2 / 1"),
                Map.of("open", image.toString()),
                LOOK,
                Map.of("click", "clear"),
                LOOK,
                Map.of("drop", image.toString()),
                LOOK));

    for (JsonNode page : List.of(seen.get(0), seen.get(2))) {
      Prediction expected = answerOf(Golden.TOP2, page.get("row"));
      assertThat(page.get("answer").asString())
          .isEqualTo(Golden.of(Golden.TOP2).manifest().classes().get(expected.classIndices()[0]));
      for (int i = 0; i < 64; i++) {
        // Whole pixels of the model's: columns 1 and 2 of the rows 5 and 6.
        boolean ink = i % 8 >= 1 && i % 8 < 3 && i / 8 >= 5 && i / 8 < 7;
        assertThat(page.get("row").get(i).asInt())
            .as("value %d", i)
            .isCloseTo(ink ? 255 : 0, within(24));
      }
    }
    assertThat(seen.get(1).get("answer").isNull()).isTrue();
    assertThat(seen.get(1).get("row").valueStream().mapToInt(JsonNode::asInt).sum()).isZero();
  }

  /** What lies beside a picture that is no square is paper too. */
  @Test
  void shouldSeeInkOnPaperInAPictureThatIsNoSquare() throws Exception {
    byte[] values = new byte[48 * 64];
    for (int i = 0; i < values.length; i++) {
      boolean ink = i % 64 >= 8 && i % 64 < 24 && i / 64 >= 24 && i / 64 < 40;
      values[i] = (byte) (ink ? 0 : 255);
    }
    Path image = Files.write(folder.resolve("photo.png"), Png.grey(values, 48, 64));

    JsonNode page =
        see(List.of(Map.of("model", "tiny-top2 / 1"), Map.of("open", image.toString()), LOOK))
            .get(0);

    for (int i = 0; i < 64; i++) {
      // Columns 1 and 2 of the picture's rows 3 and 4, which stands one row from the top.
      boolean ink = i % 8 >= 1 && i % 8 < 3 && i / 8 >= 4 && i / 8 < 6;
      assertThat(page.get("row").get(i).asInt())
          .as("value %d", i)
          .isCloseTo(ink ? 255 : 0, within(24));
    }
  }

  @Test
  void shouldAnswerARowThatTravelsWithTheModelAndSayItsClass() throws Exception {
    Golden golden = Golden.of(Golden.DENSE);

    JsonNode page =
        see(List.of(Map.of("model", "tiny-dense / 1"), Map.of("example", 5), LOOK)).get(0);

    String said = golden.manifest().classes().get(golden.selfTest().labels()[5]);
    assertThat(page.get("ran").asString()).startsWith("All 3 experts ran");
    assertThat(page.get("ran").asString())
        .contains(
            page.get("answer").asString().equals(said)
                ? "That is right."
                : "In truth it is " + said);
    for (int i = 0; i < 64; i++) {
      assertThat(page.get("row").get(i).asInt()).isEqualTo(golden.row(5)[i] & 0xff);
    }
  }

  @Test
  void shouldMarkTheExpertsThatACertifiedRowTook() throws Exception {
    List<Map<String, Object>> steps =
        new ArrayList<>(List.of(Map.of("model", "tiny-certified / 1")));
    for (int row = 0; row < 8; row++) {
      steps.add(Map.of("example", row));
      steps.add(LOOK);
    }

    Set<Integer> counts = new HashSet<>();
    for (JsonNode page : see(steps)) {
      Routing routing = answerOf(Golden.CERTIFIED, page.get("row")).routing();
      List<Integer> ran = Arrays.stream(routing.expertIndices()).boxed().toList();
      assertThat(page.get("summary").asString())
          .startsWith("3 experts, certified: a row runs as many as make its class certain.");
      assertThat(page.get("ran").asString())
          .startsWith(
              ran.size() == 3
                  ? "All 3 experts ran; the gate's first choice was " + ran.get(0)
                  : "Expert " + join(ran) + " ran, " + (3 - ran.size()) + " of 3 stayed idle.");
      for (int e = 0; e < 3; e++) {
        assertThat(page.get("gate").get(e).get("marked").asBoolean()).isEqualTo(ran.contains(e));
      }
      counts.add(ran.size());
    }
    assertThat(counts).as("experts a row").containsExactlyInAnyOrder(1, 2, 3);
  }

  private static String join(List<Integer> experts) {
    return experts.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  @Test
  void shouldAskForTheColumnsOfATable() throws Exception {
    List<JsonNode> seen =
        see(
            List.of(
                Map.of("model", "tiny-table / 1"),
                Map.of("fill", Map.of("weight", "170", "colour", "2", "height", "40", "side", "1")),
                Map.of("predict", true),
                LOOK));

    Prediction expected;
    try (MoeModel model = model(Golden.TABLE)) {
      expected = model.predict(Rows.of(1, new float[] {170, 2, 40, 0, 1}));
    }
    assertThat(seen.get(0).get("drawing").asBoolean()).isFalse();
    assertThat(seen.get(0).get("answer").asString())
        .isEqualTo(Golden.of(Golden.TABLE).manifest().classes().get(expected.classIndices()[0]));
  }

  @Test
  void shouldShowWhyARowIsRefused() throws Exception {
    List<JsonNode> seen =
        see(
            List.of("the server responded with a status of 400"),
            List.of(
                Map.of("model", "tiny-table / 1"),
                Map.of("fill", Map.of("colour", "2", "weight", "1e300")),
                Map.of("predict", true),
                LOOK));

    assertThat(seen.get(0).get("answer").isNull()).isTrue();
    assertThat(seen.get(0).get("refusal").asString()).isNotEmpty();
  }

  @Test
  void shouldFitAPhone() throws Exception {
    List<JsonNode> seen =
        see(List.of(Map.of("width", 360), Map.of("model", "tiny-top1 / 1"), DRAW, LOOK));

    assertThat(seen.get(0).get("overflow").asInt()).isZero();
    assertThat(bar(seen.get(0), 0) + bar(seen.get(0), 1) + bar(seen.get(0), 2)).isPositive();
  }

  @Test
  void shouldComputePixelsAsByHand() throws Exception {
    Path page =
        Path.of(System.getProperty("gatehouse.root"))
            .resolve("server/service/src/main/resources/dev/gatehouse/service/web/console");

    assertThat(Node.installed().run("image.test.mjs", page.toString()).get("passed").asInt())
        .isPositive();
  }

  private List<JsonNode> see(List<Map<String, Object>> steps) throws Exception {
    return see(List.of(), steps);
  }

  /** Takes the steps on a fresh server; besides {@code expectedErrors} the browser has none. */
  private List<JsonNode> see(List<String> expectedErrors, List<Map<String, Object>> steps)
      throws IOException, InterruptedException {
    Node node = Node.installed();
    Path script =
        Files.writeString(
            folder.resolve("steps.json"), JsonMapper.shared().writeValueAsString(steps));
    try (RunningServer server = RunningServer.ofGolden()) {
      JsonNode result =
          node.run(
              "console.mjs",
              Node.chromium(),
              server.server().httpAddress() + "/",
              script.toString());

      List<String> errors = result.get("errors").valueStream().map(JsonNode::asString).toList();
      assertThat(errors).hasSameSizeAs(expectedErrors);
      for (int i = 0; i < errors.size(); i++) {
        assertThat(errors.get(i)).contains(expectedErrors.get(i));
      }
      assertThat(result.get("elsewhere").valueStream()).isEmpty();
      return result.get("seen").valueStream().toList();
    }
  }

  /** What the engine says to the row that the page shows. */
  private static Prediction answerOf(String name, JsonNode row) {
    float[] values = new float[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i).asInt();
    }
    try (MoeModel model = model(name)) {
      return model.predict(Rows.of(1, values));
    }
  }

  private static MoeModel model(String name) {
    return MoeModel.open(Golden.MODELS.resolve(name).resolve("1"));
  }

  private static double bar(JsonNode page, int expert) {
    return page.get("load").get(expert).get("bar").asDouble();
  }

  private static String hits(JsonNode page, int expert) {
    return page.get("load").get(expert).get("cells").get(3).asString();
  }

  private static String percent(float probability) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * probability);
  }
}
