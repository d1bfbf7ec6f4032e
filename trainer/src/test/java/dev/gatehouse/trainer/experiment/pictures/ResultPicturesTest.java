package dev.gatehouse.trainer.experiment.pictures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatehouse.proto.cli.ExitCode;
import dev.gatehouse.trainer.cli.ExperimentCommand;
import dev.gatehouse.trainer.experiment.CellResult;
import dev.gatehouse.trainer.experiment.MadeUpResults;
import dev.gatehouse.trainer.experiment.ResultTable;
import dev.gatehouse.trainer.experiment.RowSummary;
import dev.gatehouse.trainer.experiment.SplitFigures;
import dev.gatehouse.trainer.report.Svgs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every mark is held against the figures, by where the printed ticks stand. */
class ResultPicturesTest {
  /** Coordinates are written with two decimals, and a tick's too. */
  private static final Offset<Double> DRAWN = within(0.03);

  private static final String LONG =
      "original + L_s, beta_s 1e-6, beta_d 1e-2, the authors' scaling";

  private static final List<String> GATED =
      List.of(
          "original",
          "attentive",
          "stochastic",
          "top-1",
          "top-2",
          "attentive top-2",
          LONG,
          "original + importance",
          "attentive + importance",
          "collapsed",
          "attentive distilled",
          "no gate");

  @TempDir private Path folder = Path.of("");

  private ResultTable table() throws Exception {
    return MadeUpResults.table(MadeUpResults.write(folder, MadeUpResults.ROWS));
  }

  private static Document picture(ResultTable table, String name) throws Exception {
    return Svgs.sound(Objects.requireNonNull(ResultPictures.of(table).get(name), name));
  }

  private static RowSummary row(ResultTable table, String title) {
    return table.rows().stream()
        .filter(row -> row.row().titleOrName().equals(title))
        .findFirst()
        .orElseThrow();
  }

  private static double mean(RowSummary row, ToDoubleFunction<SplitFigures> figure) {
    return row.atPoint().stream()
        .mapToDouble(run -> figure.applyAsDouble(RowSummary.figures(run).test()))
        .average()
        .orElseThrow();
  }

  private static String labels(Element method, String kind) {
    return String.join(" ", method.select("text." + kind).eachText());
  }

  private static Element method(Document picture, String label) {
    return picture.select("g.method").stream()
        .filter(g -> labels(g, "label").equals(label))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line " + label));
  }

  private static double middle(Element diamond) {
    return Double.parseDouble(diamond.attr("d").replaceAll("M([0-9.]+) .*", "$1"));
  }

  @Test
  void accuracyHasALineForEveryRowWithItsMeanWhereTheTicksSay() throws Exception {
    ResultTable table = table();
    Document picture = picture(table, "accuracy.svg");
    List<Element> ticks = picture.select("text.tick");

    assertThat(picture.select("g.method").stream().map(g -> labels(g, "label")))
        .containsExactlyElementsOf(
            table.rows().stream().map(row -> row.row().titleOrName()).toList());
    for (String title : List.of("single", "original", "no gate", "original + importance")) {
      double accuracy = 100 - 100 * mean(row(table, title), SplitFigures::denseError);
      Element method = method(picture, title);
      assertThat(Svgs.number(method.expectFirst("circle.mean"), "cx"))
          .as(title)
          .isCloseTo(Svgs.at(accuracy, ticks), DRAWN);
      assertThat(labels(method, "value")).isEqualTo(format("%.2f", accuracy));
      assertThat(method.select("circle.seed")).hasSize(3);
    }
  }

  @Test
  void theIntervalIsStudentsAndThePapersMarkStandsAtItsFigure() throws Exception {
    ResultTable table = table();
    Document picture = picture(table, "accuracy.svg");
    List<Element> ticks = picture.select("text.tick");
    double[] errors =
        row(table, "attentive").atPoint().stream()
            .mapToDouble(run -> 100 * RowSummary.figures(run).test().denseError())
            .toArray();
    double mean = (errors[0] + errors[1] + errors[2]) / 3;
    double squares = 0;
    for (double error : errors) {
      squares += (error - mean) * (error - mean);
    }
    // t(2, 0.975) = 4.302653 of the table.
    double margin = 4.302653 * Math.sqrt(squares / 2 / 3);

    Element method = method(picture, "attentive");
    Element interval = method.expectFirst("line.interval");
    assertThat(Svgs.number(interval, "x1")).isCloseTo(Svgs.at(100 - mean - margin, ticks), DRAWN);
    assertThat(Svgs.number(interval, "x2")).isCloseTo(Svgs.at(100 - mean + margin, ticks), DRAWN);
    assertThat(middle(method.expectFirst("path.reference"))).isCloseTo(Svgs.at(96.9, ticks), DRAWN);
    assertThat(method(picture, "top-1").select("path.reference")).isEmpty();
  }

  @Test
  void whatIsFarFromTheOthersIsAnArrowAndItsNumber() throws Exception {
    ResultTable table = table();
    Document picture = picture(table, "accuracy.svg");
    Element method = method(picture, "collapsed");

    double accuracy = 100 - 100 * mean(row(table, "collapsed"), SplitFigures::denseError);
    assertThat(accuracy).isLessThan(30);
    assertThat(method.select("circle")).isEmpty();
    assertThat(method.select("path.mean")).hasSize(1);
    assertThat(labels(method, "value")).isEqualTo(format("%.2f", accuracy));
    assertThat(picture.select("text.tick").eachText().stream().map(Double::valueOf))
        .allMatch(tick -> tick > 90);
  }

  @Test
  void aRowThatIsNotRunSaysSoBesideThePapersFigure() throws Exception {
    Document picture = picture(table(), "accuracy.svg");

    Element waiting = method(picture, "not <run> yet & so");
    assertThat(labels(waiting, "note")).isEqualTo("not run");
    assertThat(waiting.select("circle, line.interval")).isEmpty();
    assertThat(middle(waiting.expectFirst("path.reference")))
        .isCloseTo(Svgs.at(96, picture.select("text.tick")), DRAWN);
    assertThat(labels(method(picture, "diverged"), "note")).isEqualTo("diverged");
  }

  @Test
  void entropiesAreThoseOfTheRowsView() throws Exception {
    ResultTable table = table();
    Document picture = picture(table, "usage-and-entropy.svg");
    double second = Svgs.number(picture.select("text.head").get(1), "x");
    List<Element> sample = ticks(picture, 0, second - 20);
    List<Element> usage = ticks(picture, second - 20, 1000);

    assertThat(picture.select("g.method").stream().map(g -> labels(g, "label")))
        .containsExactlyElementsOf(GATED);
    for (String title : GATED) {
      RowSummary row = row(table, title);
      boolean dense = title.startsWith("original") || title.matches("attentive( [+d].*)?");
      double expected = dense ? mean(row, SplitFigures::gateSample) : 0;
      List<Element> means = method(picture, title).select("circle.mean");
      assertThat(Svgs.number(means.get(0), "cx"))
          .as("H_s of " + title)
          .isCloseTo(Svgs.at(expected, sample), DRAWN);
      assertThat(Svgs.number(means.get(1), "cx"))
          .as("H_u of " + title)
          .isCloseTo(Svgs.at(mean(row, SplitFigures::gateUsage), usage), DRAWN);
    }
    List<Element> paper = method(picture, "original").select("path.reference");
    assertThat(middle(paper.get(0))).isCloseTo(Svgs.at(0.06, sample), DRAWN);
    assertThat(middle(paper.get(1))).isCloseTo(Svgs.at(1.95, usage), DRAWN);
    assertThat(Svgs.number(picture.expectFirst("line.limit"), "x1"))
        .isCloseTo(Svgs.at(Math.log(5) / Math.log(2), usage), DRAWN);
  }

  private static List<Element> ticks(Document picture, double from, double to) {
    return picture.select("text.tick").stream()
        .filter(tick -> Svgs.number(tick, "x") >= from && Svgs.number(tick, "x") < to)
        .toList();
  }

  @Test
  void anAttentiveGateSharesItsChartWithTheSoftmaxGateThatIsTrainedAlike() throws Exception {
    Document picture = picture(table(), "gate-entropy.svg");

    assertThat(picture.select("g.panel").stream().map(g -> labels(g, "head")))
        .containsExactly(
            "original", "stochastic", "top-1", "top-2", LONG, "original + importance", "collapsed");
    assertThat(picture.select("g.panel").stream().map(g -> kinds(g)))
        .containsExactly(
            List.of("attentive", "softmax"),
            List.of("softmax"),
            List.of("softmax"),
            List.of("attentive", "softmax"),
            List.of("softmax"),
            List.of("attentive", "softmax"),
            List.of("softmax"));
    for (Element panel : picture.select("g.panel")) {
      assertThat(panel.select("path.faint").size() + panel.select("path.line").size())
          .isEqualTo(10);
    }
  }

  private static List<String> kinds(Element panel) {
    return panel.select("text.name").eachText().stream()
        .map(name -> name.replaceAll(" [0-9.]+$", ""))
        .sorted()
        .toList();
  }

  @Test
  void theLineOfARowIsItsMeanOverSeedsByEpoch() throws Exception {
    ResultTable table = table();
    Element panel = picture(table, "gate-entropy.svg").select("g.panel").get(0);
    List<List<Double>> runs =
        row(table, "attentive").atPoint().stream()
            .map(run -> RowSummary.figures(run).sampleEntropies())
            .toList();

    // Horizontal ticks stand at x, those of the values end at the axis, 4 above the text's line.
    Map<Boolean, List<Element>> ticks =
        panel.select("text.tick").stream()
            .collect(Collectors.partitioningBy(tick -> tick.attr("text-anchor").equals("end")));
    List<double[]> points = points(panel.expectFirst("path.line.s0"));
    assertThat(points).hasSize(20);
    for (int i : new int[] {0, 7, 19}) {
      double mean = (runs.get(0).get(i) + runs.get(1).get(i) + runs.get(2).get(i)) / 3;
      assertThat(points.get(i)[0])
          .isCloseTo(Svgs.at(i + 1, Objects.requireNonNull(ticks.get(false))), DRAWN);
      assertThat(points.get(i)[1])
          .isCloseTo(logarithmic(mean, Objects.requireNonNull(ticks.get(true))), DRAWN);
    }
    double last = (runs.get(0).get(19) + runs.get(1).get(19) + runs.get(2).get(19)) / 3;
    assertThat(panel.select("text.name.s0").text()).isEqualTo(format("attentive %.2f", last));
  }

  private static double logarithmic(double value, List<Element> ticks) {
    Element low = ticks.get(0);
    Element high = ticks.get(ticks.size() - 1);
    double share =
        Math.log(value / Double.parseDouble(low.text()))
            / Math.log(Double.parseDouble(high.text()) / Double.parseDouble(low.text()));
    return Svgs.number(low, "y") + share * (Svgs.number(high, "y") - Svgs.number(low, "y")) - 4;
  }

  private static List<double[]> points(Element path) {
    return Stream.of(path.attr("d").split("[ML]"))
        .filter(point -> !point.isEmpty())
        .map(point -> Stream.of(point.split(" ")).mapToDouble(Double::parseDouble).toArray())
        .toList();
  }

  @Test
  void aHeatMapShowsTheSharesOfTheRunThatTheHeldOutRowsChose() throws Exception {
    ResultTable table = table();
    Document picture = picture(table, "heat-maps.svg");

    List<Element> maps = picture.select("g.map");
    assertThat(maps.stream().map(g -> labels(g, "head"))).containsExactlyElementsOf(GATED);
    for (int i = 0; i < maps.size(); i++) {
      CellResult.Figures chosen =
          RowSummary.figures(Objects.requireNonNull(row(table, GATED.get(i)).chosen()));
      assertThat(maps.get(i).select("text.note").text())
          .isEqualTo(
              format("%.2f%%", 100 - 100 * chosen.test().denseError())
                  + ", "
                  + format("%.3f bit", chosen.test().information()));
      assertThat(cells(maps.get(i))).containsExactlyInAnyOrderElementsOf(expected(chosen));
    }
  }

  /** Cells as "expert class share", experts and classes by the names that stand beside them. */
  private static List<String> cells(Element map) {
    List<String> cells = new ArrayList<>();
    for (Element cell : map.select("rect.heat")) {
      double x = Svgs.number(cell, "x") + Svgs.number(cell, "width") / 2;
      double y = Svgs.number(cell, "y") + Svgs.number(cell, "height") / 2 + 4;
      String expert = beside(map, "end", "y", y);
      String of = beside(map, "middle", "x", x);
      cells.add(expert + " " + of + " " + format("%.2f", Svgs.number(cell, "fill-opacity")));
    }
    return cells;
  }

  private static String beside(Element map, String anchor, String axis, double at) {
    return map.select("text.tick[text-anchor=" + anchor + "]").stream()
        .filter(name -> Math.abs(Svgs.number(name, axis) - at) < 0.5)
        .findFirst()
        .orElseThrow()
        .text();
  }

  private static List<String> expected(CellResult.Figures figures) {
    List<String> cells = new ArrayList<>();
    for (int e = 0; e < 5; e++) {
      for (int c = 0; c < 10; c++) {
        long rows = figures.expertByClass().get(e).get(c);
        if (rows > 0) {
          // Each class has 1,000 rows; a share under 4% is drawn as 4%.
          cells.add(
              e + " " + c + " " + format("%.2f", Math.max(0.04, Math.rint(rows / 10.0) / 100)));
        }
      }
    }
    return cells;
  }

  @Test
  void beforeAnythingIsRunEveryPictureSaysThat() throws Exception {
    Path file = MadeUpResults.write(folder, MadeUpResults.ROWS);
    Files.delete(folder.resolve("made-up/cells.jsonl"));
    ResultTable table = MadeUpResults.table(file);

    assertThat(picture(table, "accuracy.svg").select("text.note").eachText().stream())
        .filteredOn("not run"::equals)
        .hasSize(15);
    for (String name : List.of("usage-and-entropy.svg", "gate-entropy.svg", "heat-maps.svg")) {
      Document picture = picture(table, name);
      assertThat(picture.select("svg > desc").text()).isEqualTo("There is nothing to show yet.");
      assertThat(picture.select("path, circle, line")).isEmpty();
    }
  }

  @Test
  void tablesAloneWriteThePicturesBesideThem() throws Exception {
    Path file = MadeUpResults.write(folder, MadeUpResults.ROWS);
    CommandLine line = new CommandLine(new ExperimentCommand());
    line.setOut(new PrintWriter(new StringWriter()));
    assertThat(line.execute(file.toString(), "--tables")).isEqualTo(ExitCode.OK);

    Map<String, String> files = ResultPictures.of(MadeUpResults.table(file));
    for (Map.Entry<String, String> picture : files.entrySet()) {
      assertThat(folder.resolve("made-up").resolve(picture.getKey()))
          .hasContent(picture.getValue());
    }
    try (Stream<Path> all = Files.list(folder.resolve("made-up"))) {
      assertThat(all.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "accuracy.svg",
              "cells.jsonl",
              "gate-entropy.svg",
              "heat-maps.svg",
              "table.csv",
              "table.md",
              "usage-and-entropy.svg");
    }
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
