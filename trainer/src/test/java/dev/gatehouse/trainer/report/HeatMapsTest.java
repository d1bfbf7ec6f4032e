package dev.gatehouse.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class HeatMapsTest {
  @Test
  void shouldKeepMapsOfAnySizeInsideThePicture() throws Exception {
    for (int classes : new int[] {2, 10, 20, 100, 1000}) {
      Document picture = Svgs.sound(maps(20, classes).svg());
      double width = Svgs.width(picture.expectFirst("svg"));
      for (Element cell : picture.select("g.map rect")) {
        assertThat(Svgs.number(cell, "width")).isPositive();
        assertThat(Svgs.number(cell, "height")).isPositive();
        assertThat(Svgs.number(cell, "x") + Svgs.number(cell, "width") + 18).isLessThan(width);
      }
      assertThat(picture.expectFirst("g.map").select("rect")).hasSize(classes);
    }
  }

  @Test
  void shouldNameNoClassWhereNamesWouldTouch() throws Exception {
    assertThat(Svgs.sound(maps(5, 10).svg()).select("g.map text.small[text-anchor=middle]"))
        .hasSize(20);
    assertThat(Svgs.sound(maps(5, 100).svg()).select("g.map text.small[text-anchor=middle]"))
        .isEmpty();
  }

  /** Two models whose expert e takes the classes e, e + experts and so on. */
  private static HeatMaps maps(int experts, int classes) {
    List<List<Long>> counts =
        IntStream.range(0, experts)
            .mapToObj(
                e ->
                    IntStream.range(0, classes)
                        .mapToObj(c -> c % experts == e ? 100L : 0L)
                        .toList())
            .toList();
    HeatMaps.Model model = new HeatMaps.Model("one of a long name, or two", "half", counts);
    return new HeatMaps("Maps", "Of two models.", List.of(model, model));
  }
}
