package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Markup;
import java.util.ArrayList;
import java.util.List;

/**
 * One strip of bars an expert, all on one scale.
 *
 * @param id unique on the page
 * @param title what it shows
 * @param description what a reader who cannot see it should know
 * @param unit what is on the horizontal axis
 * @param note what the height of a bar is
 * @param ticks words along the horizontal axis, from its start to its end
 * @param strips one an expert
 * @param mean height at which all strips have a dashed line, in [0, 1]; 0 for none
 */
record Strips(
    String id,
    String title,
    String description,
    String unit,
    String note,
    List<String> ticks,
    List<Strip> strips,
    double mean) {
  private static final double WIDTH = 400;
  private static final double TOP = 24;
  private static final double LEFT = 76;
  private static final double RIGHT = WIDTH - 56;
  private static final double LEAST = 9;
  private static final double MOST = 36;
  private static final double ALL = 480;

  /**
   * The bars of one expert.
   *
   * @param name stands before them
   * @param heights of its bars, in [0, 1]
   * @param end stands behind them
   * @param words show when a pointer rests on them
   */
  record Strip(String name, double[] heights, String end, String words) {}

  /** The drawing. */
  Markup draw() {
    double pitch = Math.max(LEAST, Math.min(MOST, ALL / strips.size()));
    double height = pitch * 0.8;
    List<Markup> shapes = new ArrayList<>();
    shapes.add(Svg.words("unit", "start", 0, 13, note));
    for (int i = 0; i < strips.size(); i++) {
      double base = TOP + (i + 1) * pitch;
      shapes.addAll(strip(strips.get(i), base, height));
    }
    double bottom = TOP + strips.size() * pitch;
    for (int i = 0; i < ticks.size(); i++) {
      double at =
          ticks.size() == 1 ? (LEFT + RIGHT) / 2 : LEFT + (RIGHT - LEFT) * i / (ticks.size() - 1);
      String anchor = i == 0 ? "start" : i == ticks.size() - 1 ? "end" : "middle";
      shapes.add(
          Svg.words("tick", ticks.size() == 1 ? "middle" : anchor, at, bottom + 17, ticks.get(i)));
    }
    shapes.add(Svg.words("unit", "end", RIGHT, bottom + 33, unit));
    return Svg.drawing(id, WIDTH, bottom + 40, title, description, shapes);
  }

  private List<Markup> strip(Strip one, double base, double height) {
    double width = (RIGHT - LEFT) / one.heights().length;
    double gap = width > 4 ? 1 : 0;
    double[][] bars = new double[one.heights().length][];
    for (int i = 0; i < bars.length; i++) {
      bars[i] = new double[] {LEFT + i * width, width - gap, one.heights()[i] * height};
    }
    List<Markup> shapes = new ArrayList<>();
    shapes.add(Svg.words("tick", "end", LEFT - 8, base - 3, one.name()));
    shapes.add(Svg.line("grid", LEFT, base, RIGHT, base));
    shapes.add(Svg.hover(Svg.bars("bar", base, bars), one.words()));
    if (mean > 0) {
      shapes.add(Svg.line("limit", LEFT, base - mean * height, RIGHT, base - mean * height));
    }
    shapes.add(Svg.words("tick", "start", RIGHT + 6, base - 3, one.end()));
    return shapes;
  }
}
