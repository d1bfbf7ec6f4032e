package dev.gatehouse.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScalePlotsTest {
  /** What a run without options measures: no two lines of a panel may look alike. */
  @Test
  void shouldDrawTheLinesOfAPanelApart() {
    List<ScaleResult> results = new ArrayList<>();
    for (int experts : List.of(4, 16)) {
      for (String skew : List.of("uniform", "zipf")) {
        for (int inFlight : List.of(64, 256, 1024, 4096)) {
          results.add(ScaleResultTest.result(experts, skew, inFlight));
        }
      }
    }

    String svg = ScalePlots.load(results);

    int panelsAndLegend = 4 + 1;
    for (int style = 0; style < 4; style++) {
      assertThat(count(svg, "line s" + style)).as("style %d", style).isEqualTo(panelsAndLegend);
    }
    assertThat(count(svg, "line s4")).isZero();
    assertThat(svg)
        .contains("mlp, k = 1, uniform: times global")
        .contains("mlp, k = 1, zipf: time of a row, us");
  }

  private static int count(String text, String part) {
    return text.split(part, -1).length - 1;
  }
}
