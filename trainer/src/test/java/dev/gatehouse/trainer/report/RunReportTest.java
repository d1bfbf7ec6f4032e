package dev.gatehouse.trainer.report;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.proto.file.Json;
import dev.gatehouse.proto.run.RunMeasurements;
import dev.gatehouse.proto.run.SplitMeasurements;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class RunReportTest {
  private static final List<String> FOUR = List.of("ash", "birch", "cedar", "date");

  private static Document page(MadeUpRun run) throws Exception {
    return Pages.sound(run.html());
  }

  private static MadeUpRun grey() {
    return MadeUpRun.of("grey-1", MadeUpRun.GREY, FOUR, 3, 5, 11);
  }

  @Test
  void shouldHaveEverySectionAndPicture() throws Exception {
    Document page = page(grey());

    assertThat(page.select("h1").text()).isEqualTo("grey-1");
    assertThat(page.select("main > section").eachAttr("id"))
        .containsExactly("learning", "experts", "gate", "rows", "measurements", "configuration");
    assertThat(page.select("nav a").eachAttr("href")).hasSize(6);
    assertThat(page.select("svg > title").eachText())
        .containsExactly(
            "Loss over the epochs",
            "Error over the epochs",
            "Entropies of the gate over the epochs",
            "Test rows of each class by expert",
            "Share of held-out rows of each expert over the epochs",
            "Histogram of the largest gate probability of a row",
            "Histogram of each expert's gate probability over all test rows",
            "Accuracy by confidence");
  }

  @Test
  void shouldShowTheRunsOwnNumbers() throws Exception {
    MadeUpRun run = grey();
    Document page = page(run);

    RunMeasurements all = run.of().measurements();
    assertThat(Pages.table(page, "Measurements by split")).hasSize(1 + Figure.values().length);
    for (Figure figure : Figure.values()) {
      assertThat(Pages.row(page, "Measurements by split", figure.label()))
          .startsWith(
              figure.label(),
              figure.text(all.train()),
              figure.text(all.validation()),
              figure.text(all.test()));
    }
    SplitMeasurements test = all.test();
    assertThat(page.select(".tiles dd").eachText())
        .contains(
            String.format(Locale.ROOT, "%.2f%%", 100 * test.served().top1()),
            String.format(Locale.ROOT, "%.3f bit", test.mutualInformation()),
            String.format(Locale.ROOT, "%.3f bit", test.gate().sample()),
            String.format(Locale.ROOT, "%.2f%%", 100 * test.calibrationError()));
  }

  @Test
  void shouldPutTheCountsBehindTheHeatMapIntoItsTable() throws Exception {
    MadeUpRun run = grey();
    Document page = page(run);

    List<List<String>> counts = Pages.table(page, "Test rows by class and argmax expert");
    assertThat(counts.get(0)).containsExactly("class", "expert 0", "expert 1", "expert 2");
    for (int c = 0; c < FOUR.size(); c++) {
      int of = c;
      List<String> row = counts.get(c + 1);
      assertThat(row.get(0)).isEqualTo(FOUR.get(c));
      assertThat(row.subList(1, 4))
          .isEqualTo(
              run.of().measurements().test().experts().stream()
                  .map(e -> Long.toString(e.byClass().get(of)))
                  .toList());
    }
    Element map = page.expectFirst("svg:has(#heat-title)");
    assertThat(map.select("rect title").eachText())
        .hasSize(
            (int)
                run.of().measurements().test().experts().stream()
                    .flatMap(e -> e.byClass().stream())
                    .filter(n -> n > 0)
                    .count())
        .allMatch(words -> words.matches("class \\w+, expert \\d: \\d+ of 60 rows, [0-9.]+%"));
  }

  @Test
  void shouldListEveryKeyOfTheRun() throws Exception {
    MadeUpRun run = grey();
    Document page = page(run);

    Map<String, String> leaves = Json.leaves(run.of().run());
    List<String> keys = page.select("#configuration tbody th").eachText();
    assertThat(keys).containsExactlyInAnyOrderElementsOf(leaves.keySet());
    assertThat(keys)
        .contains(
            "id", "training.regularizers.importance", "dataset.fingerprint", "results.test.rows");
    assertThat(page.select("#configuration tbody tr").eachText())
        .contains("dataset.fingerprint seed 11", "training.regularizers.importance 0.0");
  }

  @Test
  void shouldShowRowsAsImagesWithWhatWasSaidOfThem() throws Exception {
    MadeUpRun run = grey();
    Document page = page(run);

    assertThat(page.select(".expert")).hasSize(3);
    assertThat(page.select(".expert li")).hasSize(36);
    assertThat(page.select("#rows h3").eachText())
        .containsExactly("The gate is undecided", "The answer is unsure", "Misrouted");
    Example first = run.examples().misrouted().get(0);
    Element misrouted = page.select("#rows > div:has(h3:containsOwn(Misrouted)) li").get(0);
    assertThat(misrouted.className()).isEqualTo("wrong");
    assertThat(misrouted.select("img").attr("alt"))
        .startsWith(
            "test row " + first.row() + ": class " + FOUR.get(first.label()) + ", answered ");
    assertThat(misrouted.select("span").eachText().get(0))
        .isEqualTo(FOUR.get(first.label()) + ", not " + FOUR.get(first.answer()));
  }

  @Test
  void shouldShowValuesWhereRowsAreNoImages() throws Exception {
    Document page = page(MadeUpRun.of("f", MadeUpRun.FEATURES, FOUR, 2, 2, 3));

    assertThat(page.select("img")).isEmpty();
    List<List<String>> table = Pages.table(page, "Test rows");
    assertThat(table.get(0)).startsWith("row", "value 0").endsWith("value 7", "…", "what it is");
    assertThat(table).hasSize(13);
  }

  @Test
  void shouldNameATablesColumnsAndCategoriesAsItsFileDoes() throws Exception {
    MadeUpRun run = MadeUpRun.of("t", MadeUpRun.TABLE, FOUR, 2, 2, 3);
    List<List<String>> table = Pages.table(page(run), "Test rows");

    assertThat(table.get(0)).containsExactly("row", "petal <length>", "colour", "what it is");
    List<String> colours = List.of("red", "sea, blue", "green");
    Map<Integer, Example> rows =
        run.examples().byExpert().get(0).stream()
            .collect(Collectors.toMap(Example::row, Function.identity()));
    assertThat(table.subList(1, table.size()))
        .isNotEmpty()
        .allSatisfy(
            line -> {
              Example row = requireNonNull(rows.get(Integer.valueOf(line.get(0))));
              assertThat(Float.parseFloat(line.get(1)))
                  .isCloseTo(row.values()[0], Offset.offset(0.01f));
              assertThat(line.get(2)).isEqualTo(colours.get((int) row.values()[1]));
            });
  }

  @Test
  void shouldSpeakOfNoGateForASingleModel() throws Exception {
    Document page = page(MadeUpRun.of("one", MadeUpRun.GREY, FOUR, 1, 2, 3));

    assertThat(page.select("main > section").eachAttr("id"))
        .containsExactly("learning", "gate", "rows", "measurements", "configuration");
    assertThat(page.select("#heat-title")).isEmpty();
    assertThat(Pages.row(page, "Measurements by split", "H_s, gate"))
        .startsWith("H_s, gate", "–", "–", "–");
  }

  @Test
  void shouldKeepMarkupInNamesHarmless() throws Exception {
    String evil = "</text><script>alert(1)</script>&\"'\u0001";
    Document page = page(MadeUpRun.of("x", MadeUpRun.GREY, List.of(evil, "b", "c", "d"), 2, 1, 3));

    assertThat(page.select("#configuration").text()).contains("<script>alert(1)</script>");
  }

  @Test
  void shouldNameACollapsedGateAndIdleExperts() throws Exception {
    MadeUpRun even = grey();
    assertThat(page(even).select(".warning")).isEmpty();

    MadeUpRun collapsed = CollapsedRun.make();
    assertThat(page(collapsed).select(".warning").eachText())
        .anyMatch(w -> w.startsWith("The gate has collapsed: expert 1 takes 100.00%"))
        .anyMatch(w -> w.contains("Never the first choice on the test rows: expert 0, 2."));
  }

  @Test
  void shouldStaySmallWithManyExpertsClassesAndEpochs() throws Exception {
    MadeUpRun large = MadeUpRun.of("large", MadeUpRun.COLOUR, MadeUpRun.numbered(100), 20, 200, 5);

    String html = large.html();

    Pages.sound(html);
    assertThat(html.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1_500_000);
  }
}
