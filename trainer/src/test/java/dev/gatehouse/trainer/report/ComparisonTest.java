package dev.gatehouse.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.proto.run.RunMeasurements;
import java.util.List;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final List<String> FOUR = List.of("ash", "birch", "cedar", "date");
  private static final MeasuredRun A = MadeUpRun.of("a", MadeUpRun.GREY, FOUR, 3, 5, 1).of();
  private static final MeasuredRun B = MadeUpRun.of("b", MadeUpRun.GREY, FOUR, 2, 3, 2).of();
  private static final MeasuredRun SINGLE = MadeUpRun.of("s", MadeUpRun.GREY, FOUR, 1, 2, 3).of();

  @Test
  void shouldMarkTheBestOfEachFigure() throws Exception {
    Comparison comparison = new Comparison(List.of(A, B, SINGLE));
    Document page = Pages.sound(comparison.html());

    for (Figure figure : Figure.values()) {
      Set<Integer> best = comparison.best(figure, RunMeasurements::test);
      List<String> row = Pages.row(page, "Test rows", figure.label());
      for (int i = 0; i < 3; i++) {
        String text = figure.text(List.of(A, B, SINGLE).get(i).measurements().test());
        assertThat(row.get(1 + i)).isEqualTo(best.contains(i) ? text + "●" : text);
      }
    }
  }

  @Test
  void shouldPreferLowErrorsAndHighInformationAndNeverASingleModelsGate() {
    Comparison comparison = new Comparison(List.of(A, B, SINGLE));

    double a = A.measurements().test().served().top1();
    double b = B.measurements().test().served().top1();
    double single = SINGLE.measurements().test().served().top1();
    int lowest = a < Math.min(b, single) ? 0 : b < single ? 1 : 2;
    assertThat(comparison.best(Figure.SERVED_ERROR, RunMeasurements::test)).containsExactly(lowest);
    // Three experts can tell more of a class than two.
    assertThat(comparison.best(Figure.USAGE_ENTROPY, RunMeasurements::test)).containsExactly(0);
    assertThat(comparison.best(Figure.SAMPLE_ENTROPY, RunMeasurements::test)).doesNotContain(2);
  }

  @Test
  void shouldMarkNothingWhereAllAreEqual() {
    Comparison comparison = new Comparison(List.of(A, A));

    for (Figure figure : Figure.values()) {
      assertThat(comparison.best(figure, RunMeasurements::validation)).isEmpty();
    }
    assertThat(comparison.differences()).isEmpty();
  }

  @Test
  void shouldSayWhatDiffers() {
    Comparison comparison = new Comparison(List.of(A, B));

    assertThat(comparison.differences())
        .containsEntry("model.experts", List.of("3", "2"))
        .containsEntry("training.epochs", List.of("5", "3"))
        .containsEntry("training.seed", List.of("1", "2"))
        .doesNotContainKeys("id", "training.regularizers.importance", "results.test.rows");
  }

  @Test
  void shouldNotListTheNetworkOfAGateThatAnotherRunLacks() {
    assertThat(new Comparison(List.of(A, SINGLE)).differences())
        .containsEntry("model.gate.gate", List.of("softmax", "none"))
        .allSatisfy((key, values) -> assertThat(key).doesNotStartWith("model.gate.network"));
  }

  @Test
  void shouldOverlayCurvesAndSetHeatMapsSideBySide() throws Exception {
    Document page = Pages.sound(new Comparison(List.of(A, B, SINGLE)).html());

    assertThat(page.select("main > section").eachAttr("id"))
        .containsExactly(
            "measurements", "learning", "experts", "usage", "gate", "calibration", "configuration");
    Element loss = page.expectFirst("svg:has(#curve-loss-title)");
    assertThat(loss.select("path.line")).hasSize(3);
    assertThat(loss.select("text.name").eachText()).containsExactlyInAnyOrder("A", "B", "C");
    assertThat(page.select("#experts h3").eachText()).containsExactly("A: a", "B: b");
    assertThat(page.select("#calibration h3")).hasSize(3);
    assertThat(page.select("header .warning").text()).contains("not measured on the same rows");
  }

  @Test
  void shouldTakeTwoToTwelveRuns() {
    assertThatThrownBy(() -> new Comparison(List.of(A)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("runs=1");
    assertThat(Comparison.name(0) + Comparison.name(11)).isEqualTo("AL");
  }
}
