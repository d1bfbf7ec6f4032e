package dev.gatehouse.trainer.report;

import dev.gatehouse.proto.page.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Values over epochs, one line a series, each named at its end.
 *
 * @param id unique on the page
 * @param title what it shows
 * @param description what a reader who cannot see it should know
 * @param unit what the values are, with their unit
 * @param format writes a value
 * @param series the lines
 * @param limit a value that cannot be passed, drawn as a dashed line; null for none
 */
record LineChart(
    String id,
    String title,
    String description,
    String unit,
    DoubleFunction<String> format,
    List<Series> series,
    @Nullable Limit limit) {
  private static final double WIDTH = 400;
  private static final double HEIGHT = 250;
  private static final double LEFT = 46;
  private static final double TOP = 34;
  private static final double BOTTOM = HEIGHT - 38;
  private static final double LETTER = 7.2;
  private static final int MOST_DOTS = 12;

  /**
   * A value that cannot be passed.
   *
   * @param value where it lies
   * @param name what it is
   */
  record Limit(double value, String name) {}

  /** The drawing. */
  Markup draw() {
    int epochs = series.stream().mapToInt(s -> s.values().length).max().orElse(1);
    int longest = series.stream().mapToInt(s -> s.name().length()).max().orElse(0);
    double right = WIDTH - 12 - longest * LETTER;
    Scale x = Scale.linear(1, Math.max(2, epochs), LEFT, right);
    DoubleStream all = series.stream().flatMapToDouble(s -> DoubleStream.of(s.values()));
    double[] drawn = all.filter(Double::isFinite).toArray();
    Scale y = limit == null ? Scale.fitting(drawn, BOTTOM, TOP) : upTo(limit.value());
    LineFrame frame = new LineFrame(x, y, format);
    List<Markup> shapes = new ArrayList<>();
    String axis = y.logarithmic() ? unit + " (logarithmic)" : unit;
    shapes.add(Svg.words("unit", "start", 0, 13, axis));
    shapes.addAll(frame.values(4));
    shapes.addAll(frame.epochs(epochs, 6));
    shapes.add(Svg.words("unit", "end", right, BOTTOM + 34, "epoch"));
    if (limit != null) {
      double at = y.at(limit.value());
      shapes.add(Svg.line("limit", LEFT, at, right, at));
      shapes.add(Svg.words("note", "start", LEFT + 4, at - 5, limit.name()));
    }
    for (Series one : series) {
      shapes.add(frame.line("line s" + one.style(), one.values()));
      shapes.addAll(dots(one, x, y));
    }
    series.stream()
        .collect(Collectors.groupingBy(s -> s.values().length, TreeMap::new, Collectors.toList()))
        .values()
        .forEach(alike -> shapes.addAll(frame.names(alike)));
    return Svg.drawing(id, WIDTH, HEIGHT, title, description, shapes);
  }

  /** Linear, and no higher than needed: a value near its limit is to be seen as such. */
  private static Scale upTo(double limit) {
    return Scale.linear(0, limit, BOTTOM, TOP + 16);
  }

  private List<Markup> dots(Series one, Scale x, Scale y) {
    List<Markup> shapes = new ArrayList<>();
    for (int i = 0; i < one.values().length && one.values().length <= MOST_DOTS; i++) {
      double value = one.values()[i];
      if (Double.isFinite(value)) {
        shapes.add(
            Svg.hover(
                Svg.circle("dot s" + one.style(), x.at(i + 1), y.at(value), 3),
                one.name() + ", epoch " + (i + 1) + ": " + format.apply(value)));
      }
    }
    return shapes;
  }
}
