package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Markup;
import dev.gatehouse.proto.page.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A histogram over [0, 1].
 *
 * @param id unique on the page
 * @param title what it shows
 * @param description what a reader who cannot see it should know
 * @param unit what is on the horizontal axis
 * @param counts rows a bin
 */
record Bars(String id, String title, String description, String unit, List<Long> counts) {
  private static final double WIDTH = 400;
  private static final double HEIGHT = 250;
  private static final double LEFT = 46;
  private static final double RIGHT = WIDTH - 12;
  private static final double TOP = 34;
  private static final double BOTTOM = HEIGHT - 38;

  /** The drawing. */
  Markup draw() {
    long rows = Math.max(1, counts.stream().mapToLong(Long::longValue).sum());
    double[] shares = counts.stream().mapToDouble(c -> (double) c / rows).toArray();
    Scale x = Scale.linear(0, 1, LEFT, RIGHT);
    // The same for every run, so that pictures beside each other compare.
    Scale y = Scale.linear(0, 1, BOTTOM, TOP);
    List<Markup> shapes = new ArrayList<>();
    shapes.add(Svg.words("unit", "start", 0, 13, "share of the rows"));
    for (double tick : y.ticks(4)) {
      shapes.add(Svg.line("grid", LEFT, y.at(tick), RIGHT, y.at(tick)));
      shapes.add(Svg.words("tick", "end", LEFT - 7, y.at(tick) + 4, Numbers.roundPercent(tick)));
    }
    for (int i = 0; i < shares.length; i++) {
      if (shares[i] > 0) {
        shapes.add(bar(i, shares, x, y));
      }
    }
    for (double tick : x.ticks(5)) {
      shapes.add(Svg.words("tick", "middle", x.at(tick), BOTTOM + 18, Numbers.brief(tick)));
    }
    shapes.add(Svg.words("unit", "end", RIGHT, BOTTOM + 34, unit));
    return Svg.drawing(id, WIDTH, HEIGHT, title, description, shapes);
  }

  private Markup bar(int i, double[] shares, Scale x, Scale y) {
    double from = (double) i / shares.length;
    double to = (i + 1.0) / shares.length;
    // A share too small to see is still no empty bin.
    double height = Math.max(1, y.at(0) - y.at(shares[i]));
    return Svg.hover(
        Svg.rect("bar", x.at(from) + 1, BOTTOM - height, x.at(to) - x.at(from) - 2, height),
        range(from, to)
            + ": "
            + Numbers.count(counts.get(i))
            + " rows, "
            + Numbers.percent(shares[i]));
  }

  /** The bins of a histogram over [0, 1], written out. */
  static List<String> ranges(int bins) {
    return IntStream.range(0, bins)
        .mapToObj(i -> range((double) i / bins, (i + 1.0) / bins))
        .toList();
  }

  private static String range(double from, double to) {
    return Numbers.brief(from) + " to " + Numbers.brief(to);
  }
}
