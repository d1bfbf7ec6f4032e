package dev.gatehouse.exporter.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.engine.schedule.Policy;
import dev.gatehouse.proto.bundle.Manifest;
import dev.gatehouse.proto.file.Json;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;

/** Bundles that are kept, what a row costs of them counted by hand. */
class InspectionTest {
  private static final Path KEPT =
      Path.of(System.getProperty("gatehouse.root"), "server/engine/src/test/resources/bundles");

  /** Convolution [1, 8, 8] to [2, 6, 6], pool to [2, 3, 3], 18 to 6, 6 to 4 classes. */
  private static final long EXPERT = 2 * (2 * 6 * 6 * 9 + 18 * 6 + 6 * 4);

  private static final long EXPERT_PARAMETERS = 2 * 9 + 2 + 18 * 6 + 6 + 6 * 4 + 4;

  /** Padded convolution to [2, 8, 8], pool to [2, 4, 4], 32 to 7, 7 to 5, 5 to 3 experts. */
  private static final long GATE = 2 * (2 * 8 * 8 * 9 + 32 * 7 + 7 * 5 + 5 * 3);

  private static Inspection of(String name) {
    return Inspection.of(KEPT.resolve(name).resolve("1"));
  }

  @Test
  void shouldCountWhatARowCostsSparselyAndDensely() {
    Inspection top1 = of("tiny-top1");

    assertThat(top1.graphs())
        .extracting(g -> g.cost().flops())
        .containsExactly(GATE, EXPERT, EXPERT, EXPERT);
    assertThat(top1.dense().flops()).isEqualTo(GATE + 3 * EXPERT);
    assertThat(top1.served().flops()).isCloseTo(GATE + EXPERT, within(3L));
    assertThat(top1.graphs().get(1).cost().parameters())
        .as("with normalisation")
        .isEqualTo(EXPERT_PARAMETERS + 2);
    assertThat(top1.served().weightBytes()).isLessThan(top1.dense().weightBytes());

    Inspection top2 = of("tiny-top2");
    assertThat(top2.served().flops()).isCloseTo(GATE + 2 * EXPERT, within(3L));
    assertThat(top2.uncounted()).isEmpty();
  }

  @Test
  void shouldCountTheOneGraphOfADenseBundle() {
    Inspection single = of("tiny-single");

    assertThat(single.sparse()).isNull();
    assertThat(single.graphs())
        .singleElement()
        .satisfies(g -> assertThat(g.file()).isEqualTo("model.onnx"));
    assertThat(single.served().flops())
        .as("with the sum over the one expert, 4 classes")
        .isEqualTo(EXPERT + 2 * 4);
    for (String name : List.of("tiny-dense", "tiny-dense-top2")) {
      assertThat(of(name).dense().flops()).as(name).isGreaterThan(3 * EXPERT);
      assertThat(of(name).uncounted()).as(name).isEmpty();
    }
  }

  /** It is well-formed XML, runs nothing and fetches nothing. */
  @Test
  void shouldDrawAPageThatNeedsNothingElse() throws Exception {
    for (String name : List.of("tiny-top2", "tiny-dense", "tiny-table")) {
      String html = InspectionPage.html(of(name));
      Document page =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(html)));

      assertThat(page.getElementsByTagName("h1").item(0).getTextContent()).isEqualTo(name + "/1");
      assertThat(page.getElementsByTagName("script").getLength()).isZero();
      assertThat(html).doesNotContain("http:", "https:", "src=", "url(", "@import");
      assertThat(html).contains("default-src 'none'", "experts", "selftest.safetensors");
    }
    assertThat(InspectionPage.html(of("tiny-top1"))).contains("--share: 20.3%", "20.31%");
  }

  @Test
  void shouldSayTheSameToPeopleAndPrograms() {
    Inspection top1 = of("tiny-top1");
    JsonNode json = Json.node(top1);

    assertThat(json.get("dense").get("flops").longValue()).isEqualTo(GATE + 3 * EXPERT);
    assertThat(json.get("manifest").get("name").asString()).isEqualTo("tiny-top1");
    assertThat(json.get("graphs").get(2).get("baseline_share").doubleValue()).isEqualTo(0.203125);
    assertThat(top1.lines())
        .contains("tiny-top1/1  3 experts of 4 classes, top-1: a row runs 1 of them.")
        .anySatisfy(line -> assertThat(line).matches(" +FLOPs +4\\.41 k +7\\.53 k +58\\.\\d\\d%"))
        .anySatisfy(line -> assertThat(line).matches(" +experts/001\\.onnx .* 20\\.31%"))
        .noneSatisfy(line -> assertThat(line).endsWith(" "));
  }

  /** The run's results are those of the weights before they were rounded. */
  @Test
  void shouldSayHowOftenRoundedWeightsAreWrong(@TempDir Path folder) throws Exception {
    Inspection rounded = Inspection.of(rounded(folder, "self_test"));
    String html = InspectionPage.html(rounded);

    assertThat(rounded.lines())
        .contains(
            "  The bundle has the form int8: the first line is its own, the others are of the"
                + " weights before they were rounded. Errors are shares of rows: under the rule"
                + " that is served, and of the full mixture.")
        .anySatisfy(line -> assertThat(line).matches("  self-test, int8 +40 +12\\.50% +–.*"))
        .anySatisfy(line -> assertThat(line).matches("  test, float32 +64 +60\\.94% +59\\.38%.*"))
        .anySatisfy(line -> assertThat(line).matches("  held out, float32 +64 +60\\.94% .*"));
    assertThat(html)
        .contains("<dt>Test error as served</dt><dd>12.50%</dd>", "40 self-test rows, as int8");
    assertThat(InspectionPage.html(Inspection.of(rounded(folder, "test"))))
        .contains("<dd>12.50%</dd>", "40 rows, as int8");
    assertThat(InspectionPage.html(of("tiny-top1"))).contains("64 rows<").doesNotContain("as int8");
  }

  /** A kept bundle of rounded weights, with another error than before they were rounded. */
  private static Path rounded(Path folder, String on) throws IOException {
    Path copy = folder.resolve(on);
    Path kept = KEPT.resolve("tiny-int8/1");
    try (var files = Files.walk(kept)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path to = copy.resolve(kept.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    Path manifest = copy.resolve("manifest.json");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace("\"on\" : \"self_test\"", "\"on\" : \"" + on + "\"")
            .replaceFirst(
                "(?<key>\"rows\" : )64(?<error>,\\s+\"float32_error\" : [^,]*,\\s+\"error\" : )[^,]*,",
                "${key}40${error}0.125,"));
    return copy;
  }

  /** ONNX Runtime makes float32 of them when it loads a graph, and reads four times as much. */
  @Test
  void shouldNotSayThatRoundedWeightsAreReadAsTheyAreStored() {
    Inspection rounded = of("tiny-int8");

    assertThat(rounded.lines())
        .anyMatch(line -> line.startsWith("  weights as stored "))
        .noneMatch(line -> line.contains("weights read"));
    assertThat(InspectionPage.html(rounded))
        .contains("<dt>Weights of a row, as stored</dt>")
        .doesNotContain("Weights read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-top1", "tiny-dense", "tiny-single"})
  void shouldSayWhatAServerWouldMeasureOfIt(String name) {
    Inspection inspection = of(name);

    MeasuredHere here = MeasuredHere.of(KEPT.resolve(name).resolve("1"));

    assertThat(here.costs().expertRow()).isPositive();
    Manifest manifest = inspection.manifest();
    double rowsAnExpert = 64.0 * manifest.rule().k() / manifest.experts();
    assertThat(here.policy())
        .isEqualTo(Policy.of(here.costs(), manifest.graphs().gate() != null, rowsAnExpert));
    assertThat(inspection.lines()).noneMatch(line -> line.contains("On this machine"));
    assertThat(inspection.with(here).lines())
        .contains("On this machine")
        .anyMatch(line -> line.strip().startsWith("computed together"));
    assertThat(InspectionPage.html(inspection.with(here))).contains("computed together");
  }
}
