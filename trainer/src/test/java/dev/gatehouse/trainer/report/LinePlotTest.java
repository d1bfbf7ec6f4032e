package dev.gatehouse.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;
import org.junit.jupiter.api.Test;

class LinePlotTest {
  private static final double[] SIZES = {4, 16, 64};

  private static LinePlot plot(LinePlot.Panel... panels) {
    return new LinePlot("Time of a row", "Under load & alone.", "M", List.of(panels));
  }

  private static LinePlot.Line line(String name, int style, double... y) {
    return new LinePlot.Line(name, style, SIZES, y);
  }

  @Test
  void shouldPutEqualFactorsOfTheSizeEquallyFarApart() throws Exception {
    Document picture =
        Svgs.sound(plot(new LinePlot.Panel("us", List.of(line("ours", 0, 5, 6, 7)), null)).svg());

    double[] x =
        picture.select("circle").stream()
            .mapToDouble(dot -> Double.parseDouble(dot.attr("cx")))
            .toArray();
    assertThat(x).hasSize(3);
    assertThat(x[1] - x[0]).isPositive().isCloseTo(x[2] - x[1], Offset.offset(0.02));
  }

  @Test
  void shouldDrawLargerValuesHigherOnTheScaleOfTheirPanel() throws Exception {
    Document picture =
        Svgs.sound(
            plot(
                    new LinePlot.Panel("us", List.of(line("ours", 0, 5, 6, 4)), 1.0),
                    new LinePlot.Panel("rows", List.of(line("ours", 0, 1e6, 1e3, 1e2)), null))
                .svg());

    Elements panels = picture.select("g.panel");
    assertThat(panels).hasSize(2);
    double[] first = heights(panels.get(0));
    assertThat(first[1]).isLessThan(first[0]);
    assertThat(first[0]).isLessThan(first[2]);
    assertThat(Double.parseDouble(panels.get(0).expectFirst(".limit").attr("y1")))
        .isGreaterThan(first[2]);
    assertThat(panels.get(1).select(".limit")).isEmpty();
  }

  private static double[] heights(Element panel) {
    return panel.select("circle").stream()
        .mapToDouble(dot -> Double.parseDouble(dot.attr("cy")))
        .toArray();
  }

  @Test
  void shouldNameEachLineOnceAndSayEveryNumber() throws Exception {
    Document picture =
        Svgs.sound(
            plot(
                    new LinePlot.Panel(
                        "us", List.of(line("ours", 0, 5, 6, 7), line("theirs", 1, 8, 9, 10)), null),
                    new LinePlot.Panel("rows", List.of(line("ours", 0, 1, 2, 3)), null))
                .svg());

    assertThat(picture.select("text.note").eachText()).containsOnlyOnce("ours", "theirs");
    assertThat(picture.expectFirst("svg > desc").text())
        .contains("us: ours, M 4: 5; ours, M 16: 6;", "theirs, M 64: 10.", "rows: ours, M 4: 1;");
  }

  @Test
  void shouldSayThatThereIsNothingToShow() throws Exception {
    assertThat(Svgs.sound(plot().svg()).text()).contains("nothing to show");
  }
}
